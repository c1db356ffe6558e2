import { ScanError } from './sections.js';

/** The position of each number in a group of a section, and the names of the types. */
export interface Layout {
  nodeFields: number;
  nodeType: number;
  nodeName: number;
  nodeId: number;
  nodeSize: number;
  nodeEdges: number;
  nodeTypes: string[];
  edgeFields: number;
  edgeType: number;
  edgeName: number;
  edgeTo: number;
  edgeTypes: string[];
  locationFields: number;
  /** What the file says about itself; its arrays may in fact be longer or shorter. */
  declaredNodes: number;
  declaredEdges: number;
}

/** Parses the object `snapshot` that a file begins with. Throws a `ScanError`. */
export function layoutOf(text: string): Layout {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw new ScanError('its header is not JSON');
  }
  const { meta, node_count, edge_count } = partsOf(header);
  const { node_fields, node_types, edge_fields, edge_types, location_fields } = partsOf(meta);
  const nodeFields = namesIn(node_fields);
  const edgeFields = namesIn(edge_fields);
  const at = (fields: string[], name: string) => {
    const index = fields.indexOf(name);
    if (index < 0) throw new ScanError(`its header has no "${name}"`);
    return index;
  };
  return {
    nodeFields: nodeFields.length,
    nodeType: at(nodeFields, 'type'),
    nodeName: at(nodeFields, 'name'),
    nodeId: at(nodeFields, 'id'),
    nodeSize: at(nodeFields, 'self_size'),
    nodeEdges: at(nodeFields, 'edge_count'),
    nodeTypes: namesIn(Array.isArray(node_types) ? node_types[0] : undefined),
    edgeFields: edgeFields.length,
    edgeType: at(edgeFields, 'type'),
    edgeName: at(edgeFields, 'name_or_index'),
    edgeTo: at(edgeFields, 'to_node'),
    edgeTypes: namesIn(Array.isArray(edge_types) ? edge_types[0] : undefined),
    locationFields: location_fields === undefined ? 0 : namesIn(location_fields).length,
    declaredNodes: countIn(node_count),
    declaredEdges: countIn(edge_count),
  };
}

function partsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new ScanError('its header has no meta');
  return value as Record<string, unknown>;
}

const mostNames = 100;

function namesIn(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostNames) {
    throw new ScanError('its header has no fields');
  }
  return value.map(String);
}

function countIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
