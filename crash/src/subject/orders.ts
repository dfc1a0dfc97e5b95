/** Where in the life of a change or call a process dies. */
export type Moment = 'before' | 'after';

/** What the driver tells a subject. */
export type Order =
  /** Die at a failpoint, in the first run of a playbook that begins from now on. */
  | { readonly order: 'arm'; readonly failpoint: string; readonly moment: Moment; readonly playbook: string }
  | { readonly order: 'disarm' }
  /** Let the clock of the process differ from the machine's by so many milliseconds. */
  | { readonly order: 'clock'; readonly offset: number };

/** What a subject tells the driver. */
export type Report =
  | { readonly report: 'ready'; readonly url: string; readonly setupCode: string | null }
  | { readonly report: 'done'; readonly order: Order['order'] }
  /** A run that is watched came to its end without reaching the failpoint. */
  | { readonly report: 'ended'; readonly run: string };

/** A switch that breaks one guarantee, to prove that the suite notices. */
export const breaks = ['commit-after-effect', 'no-fence', 'timer-in-memory', 'retry-unknown'] as const;

export type Break = (typeof breaks)[number];

/** How a subject is started: the one argument of its process, as JSON. */
export interface SubjectSetup {
  /** Names the process in the journal of the oracle. */
  readonly worker: string;
  /** Where it writes down which runs it takes. */
  readonly ownersFile: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly break: Break | undefined;
  /** How long an ownership of a run lasts, in milliseconds; undefined: as the product has it. */
  readonly leaseMillis: number | undefined;
  readonly clockOffset: number;
}
