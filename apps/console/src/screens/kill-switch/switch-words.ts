/** What a switch is called, and what it does, in words for somebody in a hurry. */
export interface SwitchWords {
  readonly name: string;
  /** The headline while it is engaged. */
  readonly stopped: string;
  /** What does not happen any more. */
  readonly stops: readonly string[];
  /** What happens all the same. */
  readonly goesOn: readonly string[];
}

const UNDER_WAY = 'A call that is already under way is not called back';

const GLOBAL: SwitchWords = {
  name: 'Everything',
  stopped: 'No new change starts',
  stops: [
    'Every new change and message in every product, whoever asks for it: playbooks, reactions, people, tokens',
    'Steps that would change or send something fail; what their playbook does then is up to it',
  ],
  goesOn: [
    'Reading, look-ups, alerts that come in, cases and notes',
    'Undoing: changes still end when their time is up, and you can undo them',
    UNDER_WAY,
  ],
};

const UNDO: SwitchWords = {
  name: 'Undoing',
  stopped: 'Nothing is undone',
  stops: [
    'Sending undos to products: what is blocked stays blocked, also when its time is up',
    'Undoing by people: it is refused until the switch is released',
  ],
  goesOn: ['New changes, unless they are stopped too', 'Times run on: what is due is undone after the release'],
};

/** The words for a switch: `global`, `undo` or `connector:<id>`; `title` is what the connector is called. */
export function switchWords(id: string, title?: string): SwitchWords {
  if (id === 'global') return GLOBAL;
  if (id === 'undo') return UNDO;
  const connector = title ?? id.slice(id.indexOf(':') + 1);
  return {
    name: connector,
    stopped: `No new change starts in ${connector}`,
    stops: [`Every new change and message through ${connector}, whoever asks for it`],
    goesOn: ['Every other product', `Reading from ${connector}, and undoing what was done there`, UNDER_WAY],
  };
}

/** The engaged ones of some switches, what stops most first. */
export function engagedFirst<Switch extends { readonly id: string; readonly engaged: boolean; readonly at: number }>(
  switches: readonly Switch[],
): readonly Switch[] {
  const rank = ({ id }: Switch) => (id === 'global' ? 0 : id === 'undo' ? 1 : 2);
  return switches.filter(({ engaged }) => engaged).sort((a, b) => rank(a) - rank(b) || b.at - a.at);
}
