/** How a state is shown: in one word, with one of five tones. Never by colour alone. */
export interface Shown {
  readonly word: string;
  readonly tone: Tone;
}

/** What a colour says: `good` ended well, `bad` needs somebody, `warn` may, `busy` is under way, `calm` is at rest. */
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'calm';

const STATES: Readonly<Record<string, Shown>> = {
  // runs and steps
  queued: { word: 'queued', tone: 'calm' },
  running: { word: 'running', tone: 'busy' },
  waiting: { word: 'waiting', tone: 'warn' },
  succeeded: { word: 'succeeded', tone: 'good' },
  failed: { word: 'failed', tone: 'bad' },
  cancelled: { word: 'cancelled', tone: 'calm' },
  skipped: { word: 'skipped', tone: 'calm' },
  paused: { word: 'paused', tone: 'warn' },
  // alerts and cases
  new: { word: 'new', tone: 'busy' },
  open: { word: 'open', tone: 'busy' },
  in_progress: { word: 'in progress', tone: 'warn' },
  suppressed: { word: 'suppressed', tone: 'calm' },
  resolved: { word: 'resolved', tone: 'good' },
  closed: { word: 'closed', tone: 'calm' },
  // effects
  intended: { word: 'intended', tone: 'busy' },
  held: { word: 'held for people', tone: 'warn' },
  pending: { word: 'pending', tone: 'busy' },
  performed: { word: 'in force', tone: 'good' },
  unknown: { word: 'unknown', tone: 'warn' },
  undoing: { word: 'undoing', tone: 'busy' },
  undone: { word: 'undone', tone: 'calm' },
  undo_failed: { word: 'undo failed', tone: 'bad' },
  // matters of the inbox
  approved: { word: 'approved', tone: 'good' },
  denied: { word: 'denied', tone: 'bad' },
  answered: { word: 'answered', tone: 'good' },
  expired: { word: 'expired', tone: 'calm' },
  // the fabric
  online: { word: 'online', tone: 'good' },
  offline: { word: 'offline', tone: 'bad' },
  enabled: { word: 'enabled', tone: 'good' },
  disabled: { word: 'disabled', tone: 'calm' },
  observed: { word: 'observed', tone: 'calm' },
  started: { word: 'started', tone: 'good' },
  duplicate: { word: 'duplicate', tone: 'calm' },
  unconfirmed: { word: 'unconfirmed', tone: 'warn' },
  refused: { word: 'refused', tone: 'bad' },
  discarded: { word: 'discarded', tone: 'calm' },
  retry: { word: 'retrying', tone: 'warn' },
  behind: { word: 'waits its turn', tone: 'calm' },
  dead: { word: 'dead', tone: 'bad' },
  // verdicts
  malicious: { word: 'malicious', tone: 'bad' },
  suspicious: { word: 'suspicious', tone: 'warn' },
  benign: { word: 'benign', tone: 'good' },
};

/** How a state is shown; one that is not known here by its own name, at rest. */
export function shownState(state: string): Shown {
  return STATES[state] ?? { word: state.replaceAll('_', ' '), tone: 'calm' };
}

/** How the state of an effect is shown: what lasts is in force; what was done and leaves nothing, like a message, is done. */
export function shownEffect(state: string, ended_at: number | null): Shown {
  return state === 'performed' && ended_at !== null ? { word: 'done', tone: 'calm' } : shownState(state);
}

/** What effect classes mean, in the order of how much they cut off. */
export const EFFECT_CLASSES: Readonly<Record<string, { readonly tone: Tone; readonly means: string }>> = {
  read: { tone: 'calm', means: 'only looks something up' },
  notify: { tone: 'calm', means: 'tells people something' },
  change: { tone: 'busy', means: 'changes something without cutting anything off' },
  contain: { tone: 'warn', means: 'cuts something off for a time' },
  destroy: { tone: 'bad', means: 'cannot be undone' },
};
