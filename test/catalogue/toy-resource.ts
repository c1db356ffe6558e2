import type { Resource } from '../../src/probes/resources.js';

/** A resource that no release knows. */
export const connections: Resource = {
  unit: 'count',
  title: 'database connections',
  one: 'database connection',
  family: 'things',
  margin: 0.2,
  glance: 5,
};
