import { createBlockList } from './block-list.ts';
import type { Tool } from './tool.ts';
import { accountOf } from './values.ts';

/** A simulated directory of accounts. */
export interface Directory extends Tool {
  /** What happens when somebody signs in with the right password. */
  signIn(account: string): 'let in' | 'disabled';
}

/** Makes a {@link Directory} in which everybody may sign in. */
export function createDirectory(): Directory {
  const accounts = createBlockList(
    {
      put: 'disable_user',
      lift: 'enable_user',
      look: 'get_user',
      field: 'account',
      was: 'already_disabled',
      is: 'disabled',
    },
    accountOf,
  );
  return {
    id: 'directory',
    actions: accounts.actions,
    signIn: (account) => (accounts.has(account) ? 'disabled' : 'let in'),
  };
}
