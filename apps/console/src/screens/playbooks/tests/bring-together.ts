import type { CallArguments } from '@counterpoint/sdk';
import { applyChoices, type Merge } from '../merge/merge-choices.ts';
import type { PlaybookTest } from './playbook-test.ts';

/** A test as it was read: what is written upon. */
export type TestBase = Pick<PlaybookTest, 'source' | 'rev'>;

/** What is asked of the server. */
export interface TogetherDesk {
  list(): Promise<readonly Pick<PlaybookTest, 'name' | 'source' | 'rev'>[]>;
  merge(texts: CallArguments<'mergePlaybook'>['body']): Promise<Merge>;
}

/** A text with the changes of both, to be looked at and saved. */
export interface Together {
  readonly text: string;
  /** What it is to be saved upon. */
  readonly base: TestBase;
  /** `apart`: both wrote at different places. `collided`: mine stands above theirs. `deleted`: there is no other. */
  readonly how: 'apart' | 'collided' | 'deleted';
}

/** Brings what is written together with what somebody else saved or deleted meanwhile; nothing of either is lost. */
export async function bringTogether(desk: TogetherDesk, name: string, mine: string, base: string): Promise<Together> {
  const theirs = (await desk.list()).find((test) => test.name === name);
  if (!theirs) return { text: mine, base: { source: '', rev: 0 }, how: 'deleted' };
  const { source, rev } = theirs;
  const merge = await desk.merge({ base, mine, theirs: source });
  const text = applyChoices(
    merge,
    merge.conflicts.map(() => 'both'),
  );
  return { text, base: { source, rev }, how: merge.conflicts.length > 0 ? 'collided' : 'apart' };
}
