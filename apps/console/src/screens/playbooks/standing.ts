import { client } from '../../app/client.ts';

/** What the server has of a playbook: what is published, a draft of what never was, or both. */
export type WhatThereIs = 'published' | 'draft' | 'both';

/** Asks the list of drafts: asking for a draft that is not there would be an error. */
export async function standingOf(id: string): Promise<WhatThereIs> {
  const { items } = await client.listDrafts();
  const draft = items.find((one) => one.playbook === id);
  if (!draft) return 'published';
  return draft.published ? 'both' : 'draft';
}
