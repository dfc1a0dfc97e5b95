/** Codes of what can be wrong with a normaliser document. */
export type NormalizerProblem =
  | 'yaml'
  | 'schema'
  | 'unknown_key'
  | 'path'
  | 'template'
  | 'expression'
  | 'time_format'
  | 'target'
  | 'title_missing';

/** One thing wrong with a normaliser document: where, by path and by line and column from 1, and what. */
export interface NormalizerFinding {
  readonly code: `normalizer.${NormalizerProblem}`;
  readonly path: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Takes note of something wrong at a path of the document. */
export type Complain = (path: readonly (string | number)[], code: NormalizerProblem, message: string) => void;
