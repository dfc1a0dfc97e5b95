import type { Door } from '@counterpoint/actions';
import type { Change, Store } from '@counterpoint/events';
import { type Failpoint, failpoints } from './failpoints.ts';
import type { Moment } from './orders.ts';

/** A failpoint that waits for its run. */
interface Armed {
  readonly failpoint: Failpoint;
  readonly moment: Moment;
  readonly playbook: string;
  readonly runs: Set<string>;
}

/** Decorators that end the process at an armed failpoint, as SIGKILL does: at once, with nothing said or written. */
export interface Deadly {
  arm(failpoint: string, moment: Moment, playbook: string): void;
  disarm(): void;
  store(inner: Store): Store;
  door(inner: Door): Door;
}

/** Ends this process so that nothing after it runs. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => undefined);
}

/** Any playbook: also runs that another process has created. */
export const ANY_PLAYBOOK = '*';

/** Watches the runs of the armed playbook and those that they call. */
function watch(armed: Armed, { runs = [] }: Change): void {
  for (const write of runs) {
    if (armed.playbook === ANY_PLAYBOOK) armed.runs.add(write.op === 'create' ? write.row.id : write.id);
    if (write.op !== 'create') continue;
    const { id, playbook, parent } = write.row;
    const caller = parent.startsWith('run:') ? parent.slice(4, parent.indexOf('/')) : '';
    if (playbook === armed.playbook || armed.runs.has(caller)) armed.runs.add(id);
  }
}

/** @param onEnded is told of the end of a run that is watched */
export function createDeadly(onEnded: (run: string) => void): Deadly {
  let armed: Armed | undefined;
  const isAt = (change: Change): boolean => {
    if (!armed) return false;
    const { runs, failpoint } = armed;
    watch(armed, change);
    return failpoint.matches?.(change, (run) => runs.has(run)) ?? false;
  };
  const tellEnds = ({ journal = [] }: Change): void => {
    for (const { kind, run } of journal) if (kind === 'run_ended' && armed?.runs.has(run)) onEnded(run);
  };
  return {
    arm(name, moment, playbook) {
      const failpoint = failpoints.find((one) => one.name === name);
      if (!failpoint) throw new RangeError(`there is no failpoint ${name}`);
      armed = { failpoint, moment, playbook, runs: new Set() };
    },
    disarm() {
      armed = undefined;
    },
    store: (inner) => ({
      ...inner,
      async commit(change) {
        const moment = isAt(change) ? armed?.moment : undefined;
        if (moment === 'before') return die();
        await inner.commit(change);
        if (moment === 'after') return die();
        tellEnds(change);
      },
    }),
    door: (inner) => ({
      ...inner,
      async admit(request) {
        const admission = await inner.admit(request);
        if (admission.kind === 'settled') return admission;
        return {
          ...admission,
          async send(signal, isMine) {
            const at = armed && armed.failpoint.matches === undefined && armed.runs.has(request.run);
            if (at && armed?.moment === 'before') return die();
            const outcome = await admission.send(signal, isMine);
            return at ? die() : outcome;
          },
        };
      },
    }),
  };
}
