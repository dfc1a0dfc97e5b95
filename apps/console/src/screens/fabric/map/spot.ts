/** Where the top left corner of a node is, in pixels of the map. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Places by node. */
export type Places = ReadonlyMap<string, Spot>;

/** The size of every node, in pixels. */
export const NODE = { width: 200, height: 56 } as const;

/** Pixels between two nodes of a column. */
export const BETWEEN_ROWS = 18;

/** Pixels from one node of a column to the next. */
export const ROW = NODE.height + BETWEEN_ROWS;
