import { z } from 'zod';

const offset = z.number().int();

/** A finding with its place in the text and on the canvas. */
export const outlineFinding = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  suggestion: z.string().nullable(),
  from: offset,
  to: offset,
  line: offset,
  column: offset,
  step: z.string().nullable().describe('Address of the innermost step that it stands in; null outside of steps'),
});

/** A list of steps. */
export interface OutlineSlot {
  /**
   * What edits call it. Of the document: `steps`, `on_error`, `on_cancel`, `finally`, or `do` of a reaction. Of steps:
   * `then`, `elif:0`, `else`; `case:<value>`, `default`; `do`; `branch:<name>`; `try`, `catch:0`, `finally`.
   */
  name: string;
  /** For people, such as `else if event.score > 3`. */
  label: string;
  /**
   * What journals of runs call it when it is entered: `0`, `1` or `-1` (else, default) of `if` and `switch`, the name of a
   * branch, `body`, `catch 0`, `finally`, `do`; of the document its name.
   */
  branch: string;
  /** Whether it stands in the text; one that does not is empty, and `from` and `to` are those of its step's end. */
  written: boolean;
  /** From the first line of its first step to the last line of its last one. */
  from: number;
  to: number;
  /** Behind an anchor or alias, used in several places: steps cannot be put in or taken out by an edit. */
  fixed: boolean;
  steps: OutlineStep[];
}

/** One step, as canvases draw it. */
export interface OutlineStep {
  /**
   * What runs and journals call it, without the indices of rounds: `each.block` for `each[3].block`; only loops stand
   * before the id. A step without an id is called by its line (`@12`), a second one of the same id `<id>@<line>`.
   */
  address: string;
  /** Its id; empty when there is none. */
  name: string;
  /** Its verb: `action`, `call`, `if`, `switch`, `foreach`, `while`, `until`, `parallel`, `approval`, `ask`, …; empty without. */
  kind: string;
  /** What it is called; empty when nothing is written. */
  title: string;
  description: string;
  /** One line of plain text: what it does, with its arguments, its condition, or what it waits for. May hold text of others. */
  summary: string;
  /** Of an action: id of the connector, or empty. */
  connector: string;
  /** Of an action: its name; of `call`: the playbook; else empty. */
  action: string;
  /** Of an action through a capability: its name, else empty. */
  capability: string;
  /** Of an action whose contract is known. */
  effect: 'read' | 'notify' | 'change' | 'contain' | 'destroy' | null;
  /**
   * The whole step: from its `- ` (without the comments before it) to the end of its last line's content. Within a flow
   * list, from its brace to its brace.
   */
  from: number;
  to: number;
  /** The first line that moves with it: that of the comments right above it. */
  head_line: number;
  line: number;
  end_line: number;
  /** Offsets of the id, for renaming; null without one. */
  name_from: number | null;
  name_to: number | null;
  slots: OutlineSlot[];
  /** The guard, as written; empty without one. On an `if` step its first condition. */
  condition: string;
  /** What it carries. */
  marks: {
    lease: string;
    timeout: string;
    retry: boolean;
    /** `on_failure: continue`. */
    continues: boolean;
    /** Id of the step that undoes this one's effects somewhere in the document, or empty. */
    undone_by: string;
    /** Ids of the steps that an approval covers. */
    covers: string[];
  };
  /** Stands in a {@link OutlineSlot.fixed} list: it can be seen, selected and renamed, but not moved, deleted or wrapped. */
  fixed: boolean;
}

const effect = z.enum(['read', 'notify', 'change', 'contain', 'destroy']);

const outlineStep: z.ZodType<OutlineStep> = z
  .object({
    address: z.string(),
    name: z.string(),
    kind: z.string(),
    title: z.string(),
    description: z.string(),
    summary: z.string(),
    connector: z.string(),
    action: z.string(),
    capability: z.string(),
    effect: effect.nullable(),
    from: offset,
    to: offset,
    head_line: offset,
    line: offset,
    end_line: offset,
    name_from: offset.nullable(),
    name_to: offset.nullable(),
    get slots(): z.ZodArray<z.ZodType<OutlineSlot>> {
      return z.array(outlineSlot);
    },
    condition: z.string(),
    marks: z.object({
      lease: z.string(),
      timeout: z.string(),
      retry: z.boolean(),
      continues: z.boolean(),
      undone_by: z.string(),
      covers: z.array(z.string()),
    }),
    fixed: z.boolean(),
  })
  .meta({ id: 'OutlineStep' }) as z.ZodType<OutlineStep>;

const outlineSlot: z.ZodType<OutlineSlot> = z
  .object({
    name: z.string(),
    label: z.string(),
    branch: z.string(),
    written: z.boolean(),
    from: offset,
    to: offset,
    fixed: z.boolean(),
    get steps(): z.ZodArray<z.ZodType<OutlineStep>> {
      return z.array(outlineStep);
    },
  })
  .meta({ id: 'OutlineSlot' }) as z.ZodType<OutlineSlot>;

/** The structure of a document, as far as its text gives one. Offsets count UTF-16 units; lines count from 1. */
export const outline = z.object({
  id: z.string().describe('Empty when there is none'),
  title: z.string(),
  description: z.string(),
  kind: z.enum(['playbook', 'reaction']),
  readable: z.boolean().describe('Whether the structure could be read; else there are only findings'),
  triggers: z
    .array(
      z.object({
        id: z.string(),
        kind: z.string(),
        summary: z.string(),
        condition: z.string(),
        from: offset,
        to: offset,
        line: offset,
      }),
    )
    .describe('Of a reaction: its subscription'),
  inputs: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      required: z.boolean(),
      default: z.string().describe('As JSON; empty without one'),
      description: z.string(),
      from: offset,
      to: offset,
    }),
  ),
  uses: z.array(z.object({ alias: z.string(), kind: z.string(), name: z.string() })),
  slots: z.array(outlineSlot).describe('The lists of steps of the document, the main one first'),
  publishes: z.string().describe('Of a reaction: the topic that it publishes on; else empty'),
  findings: z.array(outlineFinding),
});
