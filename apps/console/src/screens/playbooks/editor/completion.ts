import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import type { CallResult } from '@counterpoint/sdk';
import { client } from '../../../app/client.ts';
import { plainText } from '../../../ui/untrusted-text.ts';

type Answer = CallResult<'completePlaybook'>;
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
  return { from: answer.from, to: answer.to, options: answer.options.map(asCompletion), validFor: /^[\w]*$/ };
}

function before({ state, pos }: CompletionContext): string {
  return state.doc.sliceString(Math.max(0, pos - 1), pos);
}

function asCompletion({ label, insert, detail, doc }: Answer['options'][number]): Completion {
  return {
    label: plainText(label),
    apply: insert,
    detail: plainText(detail, 60),
    ...(doc === '' ? {} : { info: plainText(doc, 400) }),
  };
}
