import { isCounterpointError, type Redactor } from '@counterpoint/core';
import type { Participant, Publication } from '@counterpoint/fabric';
import { problemBody } from '../problem.ts';
import type { FabricServices } from './services.ts';

/** What became of one event. */
export type Published = { readonly status: number; readonly id?: string };

async function publishOne(
  { publisher }: FabricServices,
  redactor: Redactor,
  by: Participant,
  publication: Publication,
): Promise<Published> {
  try {
    const { id } = await publisher.publish(by, publication);
    return { status: 202, id };
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return problemBody(error, redactor);
  }
}

/**
 * Publishes a list: events of one subject one after the other, so that they keep their order, others at the same time.
 * Gives what became of each, in the order of the list.
 */
export async function publishAll(
  services: FabricServices,
  redactor: Redactor,
  by: Participant,
  list: readonly Publication[],
): Promise<readonly Published[]> {
  const results: Published[] = [];
  const numbered = list.map((publication, index) => ({ publication, index }));
  const bySubject = Map.groupBy(numbered, ({ publication }) => publication.subject ?? '');
  const inOrder = async (queue: typeof numbered) => {
    for (const { publication, index } of queue) results[index] = await publishOne(services, redactor, by, publication);
  };
  await Promise.all([...bySubject.values()].map(inOrder));
  return results;
}
