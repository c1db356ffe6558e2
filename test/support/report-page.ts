import { buildPage } from '../../report-page/build.js';

/** Before any test: builds the HTML report's script and style from the current sources. */
export default buildPage;
