import { buildPage } from '../../report-page/build.js';

/** Before any test: the HTML report's script and style as the sources have them now. */
export default buildPage;
