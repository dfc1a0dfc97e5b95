import { type DoorContext, type ToldTrace, tellTrace } from '@counterpoint/actions';
import type { TraceEndpointName, TraceNode } from '@counterpoint/contracts';
import type { Json } from '@counterpoint/core';
import type { Retractions } from '@counterpoint/fabric';
import type { Handlers } from '../handler-types.ts';
import { causalityOfPrincipal } from '../occasion.ts';
import { releaseView } from '../views.ts';
import { foreseenView } from './ledger.ts';

/** What the handlers of traces need. */
export interface TraceServices {
  readonly context: Pick<DoorContext, 'store' | 'connectors' | 'builtins'>;
  readonly retractions: Retractions;
}

/** Details longer than this, in characters of JSON, are left out of a brief answer. */
const BRIEF = 2_000;

/** A detail without what is long in it: of a step the entries stay, without their data. */
function briefly(detail: Json): Json {
  if (JSON.stringify(detail).length <= BRIEF) return detail;
  if (!Array.isArray(detail)) return { left_out: true };
  return detail.map((entry) => ({ ...(entry as object), data: { left_out: true } }));
}

function brief(node: TraceNode): TraceNode {
  return { ...node, detail: briefly(node.detail), children: node.children.map(brief) };
}

function view({ roots, traces, ...rest }: ToldTrace, detail: 'full' | 'brief') {
  return { ...rest, traces: [...traces], roots: detail === 'brief' ? roots.map(brief) : [...roots] };
}

/** Performs the operations on traces. */
export function traceHandlers({ context, retractions }: TraceServices): Handlers<TraceEndpointName> {
  return {
    async trace({ params, query }) {
      return view(await tellTrace(context, params.ref ?? '', { limit: query.limit }), query.detail);
    },
    async retract({ params: { ref = '' }, body: { reason, dry_run, waiting }, principal }) {
      const { trace, effects, held, runs } = await retractions.foresee(ref);
      const foreseen = {
        effects: await foreseenView(context, effects),
        held: waiting ? held.map(({ id, reaction, event }) => ({ id, reaction, event })) : [],
        runs: waiting ? runs.map(({ id, playbook, status }) => ({ id, playbook, status })) : [],
      };
      if (dry_run) return { undone: [], kept: [], failed: [], discarded: [], cancelled: [], foreseen };
      const causality = causalityOfPrincipal(principal, trace);
      const result = await retractions.retract({ ref, reason, causality, waiting });
      const { discarded, cancelled } = result;
      return { ...releaseView(result), discarded: [...discarded], cancelled: [...cancelled], foreseen };
    },
  };
}
