import { flag, oneOf, several, text } from '../../../ui/url-fields.ts';

/** What of the map is shown, in the address of the screen. */
export const mapSearch = {
  /** `map` or `list`; left out: by the width of the window. */
  view: oneOf(['map', 'list']),
  q: text(''),
  kinds: several(['participant', 'topic', 'reaction', 'playbook', 'server']),
  site: text(''),
  busy: flag,
  /** How far back figures go. */
  window: oneOf(['15m', '1h', '24h'], '1h'),
  focus: text(''),
  /** The node or edge that is open. */
  at: text(''),
  /** Whether the findings of the check are open. */
  check: flag,
};
