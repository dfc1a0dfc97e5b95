import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSection,
  pickedCompletion,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import type { CallResult } from '@counterpoint/sdk';
import { client } from '../../../app/client.ts';
import { plainText } from '../../../ui/untrusted-text.ts';
import { takeOption } from './take-option.ts';

type Option = CallResult<'completePlaybook'>['options'][number];
type Asked = Parameters<typeof takeOption>[1];
/** Milliseconds without another key before the server is asked. */
const PATIENCE = 90;

/** What can be written at the cursor, from the server: it knows the language, the connectors and the topics. */
export function completion(): Extension {
  return autocompletion({ override: [complete], icons: false, closeOnBlur: true, maxRenderedOptions: 60 });
}

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  if (context.aborted) return null;
  const body = { source: context.state.doc.toString(), offset: context.pos };
  const answer = await client.completePlaybook({ body }).catch(() => undefined);
  if (!answer || context.aborted || answer.options.length === 0) return null;
  // While typing, a list that begins nowhere would only be in the way.
  if (!context.explicit && answer.from === context.pos && !/[.:\s{]$/.test(before(context))) return null;
  const asked = { doc: context.state.doc, from: answer.from, to: answer.to };
  const options = answer.options.map((option, at) => asCompletion(option, at, asked));
  return { from: answer.from, to: answer.to, options, validFor: /^[\w]*$/ };
}

function before({ state, pos }: CompletionContext): string {
  return state.doc.sliceString(Math.max(0, pos - 1), pos);
}

/** Heads what brings an alias of its own along. */
const elsewhere: CompletionSection = { name: 'Not in “uses” yet: choosing one adds it there', rank: 1 };

function asCompletion(option: Option, at: number, asked: Asked): Completion {
  const { label, insert, detail, doc, also } = option;
  const shared = {
    label: plainText(label),
    // Among what fits as well, the order of the server counts.
    sortText: String(at).padStart(4, '0'),
    ...(doc === '' ? {} : { info: plainText(doc, 400) }),
  };
  if (also.length === 0) return { ...shared, apply: insert, detail: plainText(detail, 60) };
  return {
    ...shared,
    detail: plainText(`${detail}, adds to uses`, 60),
    section: elsewhere,
    apply: (view, completion, from, to) =>
      view.dispatch(takeOption(view.state, asked, option, from, to), {
        annotations: pickedCompletion.of(completion),
      }),
  };
}
