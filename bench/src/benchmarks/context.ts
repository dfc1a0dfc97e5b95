import type { Workspace } from '../workspace.ts';

/** What every benchmark is given. */
export interface BenchmarkContext {
  readonly workspace: Workspace;
  /** The command that starts the product. */
  readonly command: readonly string[];
  readonly rounds: number;
  /** How long each load is measured. */
  readonly seconds: number;
  /** Told what is under way, for a person who waits. */
  readonly progress: (text: string) => void;
}
