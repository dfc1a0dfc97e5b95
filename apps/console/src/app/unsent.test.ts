import { expect, it } from 'vitest';
import { unsentOf } from './unsent.ts';

it('says what was not sent, and where it is written', () => {
  expect(unsentOf(['note:01a', 'summary:01a', 'playbook:brute_force'])).toEqual([
    { name: 'note:01a', title: 'A note on a case', path: '/cases/01a' },
    { name: 'summary:01a', title: 'The summary of a case', path: '/cases/01a' },
    { name: 'playbook:brute_force', title: 'The text of the playbook brute_force', path: '/playbooks/brute_force' },
  ]);
});
