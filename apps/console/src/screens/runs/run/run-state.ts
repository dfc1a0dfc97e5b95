import { oneOf, text } from '../../../ui/url-fields.ts';

/** What a run page keeps in its address. */
export const runState = {
  /** Address of the step that is open, such as `verdicts[3].rep`. */
  step: text(''),
  tab: oneOf(['steps', 'journal', 'changes', 'data'], 'steps'),
  /** How the playbook is shown. */
  view: oneOf(['picture', 'outline'], 'picture'),
};
