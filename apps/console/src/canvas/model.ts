/** Verbs of the playbook language; `while` and `until` are told apart. */
export type Verb =
  | 'action'
  | 'call'
  | 'if'
  | 'switch'
  | 'foreach'
  | 'while'
  | 'until'
  | 'parallel'
  | 'approval'
  | 'ask'
  | 'wait'
  | 'publish'
  | 'set'
  | 'undo'
  | 'try'
  | 'fail'
  | 'succeed';

/** How far an action reaches, from reading to destroying. */
export type EffectClass = 'read' | 'notify' | 'change' | 'contain' | 'destroy';

/** A list of steps inside a step: a branch, the rounds of a loop, a catch. */
export interface CanvasPart {
  /** Unique in its step; the engine's name of the part: `0`, `1`, `-1` (else, default), `do`, a branch's name, `body`, `catch 0`, `finally`. */
  readonly name: string;
  /** What people read on the way into it: a condition, a value, a name. */
  readonly label: string;
  readonly steps: readonly CanvasStep[];
}

/** One step as the canvas draws it. Every text may come from anybody: never markup. */
export interface CanvasStep {
  readonly id: string;
  readonly verb: Verb;
  /** What the author calls it; empty: the id stands for it. */
  readonly title: string;
  /** In one line what it does: `vt.lookup_url`, a condition, a question. */
  readonly summary: string;
  /** Of actions whose connector is known. */
  readonly effect: EffectClass | null;
  /** Whether it goes through a capability, to whichever connector provides it. */
  readonly capability: boolean;
  /** The condition under which it is done at all; null: always. */
  readonly guard: string | null;
  /** Worst that the checker says about the step itself. */
  readonly severity: 'error' | 'warning' | null;
  /** How many findings there are about the step itself. */
  readonly findings: number;
  readonly parts: readonly CanvasPart[];
}

/** A list of the playbook: its steps, or what is done after an error, a cancel, or in any case. */
export interface CanvasSection {
  readonly name: 'main' | 'on_error' | 'on_cancel' | 'finally';
  readonly steps: readonly CanvasStep[];
}

/** A playbook as the canvas draws it. */
export interface CanvasOutline {
  readonly kind: 'playbook' | 'reaction';
  /** What starts it, one line each. */
  readonly triggers: readonly string[];
  readonly sections: readonly CanvasSection[];
}
