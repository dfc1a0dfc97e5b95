import type { Change } from '@counterpoint/events';
import pc from 'picocolors';
import { safe } from '../terminal.ts';

function ofRows(change: Change): string[] {
  return (change.rows ?? []).flatMap((write) => {
    if (write.op === 'delete') return [];
    if (write.table === 'raw_inputs' && write.op === 'insert') return [`raw input from ${write.row.source} is on disk`];
    if (write.table === 'alerts' && write.op === 'insert') return [`alert: ${write.row.title}`];
    if (write.table === 'cases' && write.row.rev === 1) return [`case opened: ${write.row.title}`];
    if (
      write.table === 'effects' &&
      ['performed', 'failed', 'unknown', 'undone', 'undo_failed'].includes(write.row.state)
    ) {
      const { connector, action, target, state } = write.row;
      return [`${connector}.${action} ${target} ${state}`];
    }
    return [];
  });
}

function ofRuns(change: Change): string[] {
  return (change.runs ?? []).flatMap((write) => {
    if (write.op === 'create') return [`run of ${write.row.playbook} begins`];
    if (write.op === 'advance' && ['succeeded', 'failed', 'cancelled'].includes(write.set.status ?? '')) {
      return [`run ${write.set.status}`];
    }
    return [];
  });
}

function ofEvents(change: Change): string[] {
  return (change.events ?? []).flatMap(({ type, subject, participant, data }) => {
    if (participant !== 'server') return [`${participant} announces ${type} about ${shortened(subject)}`];
    if (type === 'fabric.participant_joined.v1') return [`${subject} joins the fabric`];
    if (type === 'control.failed.v1') return [`it failed: ${(data as { reason: string }).reason}`];
    return type.startsWith('control.') ? [`announced: ${type} about ${shortened(subject)}`] : [];
  });
}

/** A hash is told apart by its beginning. */
function shortened(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 12)}…` : text;
}

/** What a committed change has to tell somebody who watches a story, as lines. */
export function progressOf(change: Change): string[] {
  return [...ofEvents(change), ...ofRuns(change), ...ofRows(change)].map((text) => `${pc.blue('›')} ${safe(text)}`);
}
