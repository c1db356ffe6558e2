/** A heap of a few objects, written as V8 writes it. */
type Node = [type: string, name: string, id: number, size: number, edges: Edge[]];
type Edge = [type: string, name: string | number, to: number];

const nodeTypes =
  'hidden,array,string,object,code,closure,regexp,number,native,synthetic,concatenated string,sliced string,symbol,bigint,object shape,wasm object'.split(
    ',',
  );
const edgeTypes = 'context,element,property,internal,hidden,shortcut,weak'.split(',');
const fields = ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'];

export interface SmallHeap {
  nodes: Node[];
  /** Node, script, line and column from 0. */
  locations?: [number, number, number, number][];
  /** In place of the true ones. */
  declared?: { node_count?: number; edge_count?: number };
}

export function snapshotText({ nodes, locations = [], declared }: SmallHeap): string {
  const strings = ['<dummy>'];
  const indexOf = (text: string) => {
    const known = strings.indexOf(text);
    return known >= 0 ? known : strings.push(text) - 1;
  };
  const nodeRows = nodes.map(([type, name, id, size, edges]) =>
    [nodeTypes.indexOf(type), indexOf(name), id, size, edges.length, 0, 0].join(','),
  );
  const edges = nodes.flatMap(node => node[4]);
  const edgeRows = edges.map(([type, name, to]) =>
    [edgeTypes.indexOf(type), typeof name === 'number' ? name : indexOf(name), to * fields.length].join(','),
  );
  const meta = {
    node_fields: fields,
    node_types: [nodeTypes, 'string', 'number', 'number', 'number', 'number', 'number'],
    edge_fields: ['type', 'name_or_index', 'to_node'],
    edge_types: [edgeTypes, 'string_or_number', 'node'],
    location_fields: ['object_index', 'script_id', 'line', 'column'],
  };
  const head = {
    meta,
    node_count: nodes.length,
    edge_count: edges.length,
    trace_function_count: 0,
    ...declared,
  };
  const places = locations.map(([node, ...rest]) => [node * fields.length, ...rest].join(','));
  return (
    `{"snapshot":${JSON.stringify(head)},\n"nodes":[${nodeRows.join('\n,')}\n],\n"edges":[${edgeRows.join('\n,')}\n],\n` +
    `"trace_function_infos":[],\n"trace_tree":[0,["]}",{"\\"":1}]],\n"samples":[],\n"locations":[${places.join('\n,')}\n],\n` +
    `"strings":[${strings.map(text => JSON.stringify(text)).join(',\n')}]}`
  );
}

/** A module whose variable `cache` holds two uploads in a Map; the second has a Buffer that a view shows too. */
export const cacheHeap: SmallHeap = {
  nodes: [
    ['synthetic', '', 1, 0, [['element', 1, 1]]],
    [
      'synthetic',
      '(Global handles)',
      3,
      0,
      [
        ['internal', '1', 2],
        ['weak', '2', 7],
      ],
    ],
    [
      'closure',
      'handle "it"',
      5,
      64,
      [
        ['internal', 'shared', 3],
        ['internal', 'context', 5],
      ],
    ],
    ['code', 'handle "it"', 7, 56, [['internal', 'script_or_debug_info', 4]]],
    ['code', 'file:///app/server.mjs', 9, 144, []],
    ['object', 'system / Context', 11, 40, [['context', 'cache', 6]]],
    ['object', 'Map', 13, 32, [['internal', 'table', 8]]],
    ['object', 'Upload', 15, 48, []],
    [
      'array',
      '',
      17,
      200,
      [
        ['internal', '4', 7],
        ['internal', '7', 9],
      ],
    ],
    [
      'object',
      'Upload',
      19,
      48,
      [
        ['property', 'body', 10],
        ['property', 'größe \u{1F600}', 14],
      ],
    ],
    ['object', 'Buffer', 21, 96, [['internal', 'buffer', 11]]],
    ['object', 'ArrayBuffer', 23, 88, [['internal', 'backing_store', 12]]],
    ['native', 'system / JSArrayBufferData', 25, 5_000_000_000, []],
    ['object', 'DataView', 27, 80, [['internal', 'buffer', 11]]],
    ['string', 'a text that is not kept', 29, 40, []],
  ],
  locations: [
    [2, 7, 11, 4],
    [7, 7, 2, 0],
  ],
};
