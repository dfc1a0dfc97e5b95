import { newTraceId } from '@counterpoint/core';
import type { Actor, Participants } from '@counterpoint/fabric';
import { type Lab, type LabTools, startTools } from '@counterpoint/lab';
import type { Foundations } from '../foundations.ts';

/** The title of the tokens that the tools of the lab join with. */
const TOKEN = 'the lab';

const TOOLS = ['mail_gateway', 'sandbox', 'endpoint', 'proxy', 'directory', 'dns_sinkhole'];

/** Where this machine reaches a server that listens everywhere. */
export function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** Ends the tokens of an earlier start, which may have crashed. */
async function withdrawTokens(participants: Participants, id: string, by: Actor): Promise<void> {
  for (const { id: credential, detail, revoked_at } of await participants.credentials(id)) {
    const { title } = detail as { readonly title?: string };
    if (title === TOKEN && revoked_at === null) await participants.revoke(credential, by);
  }
}

async function join(participants: Participants, lab: Lab, url: string): Promise<LabTools> {
  const by = { principal: 'system', trace: newTraceId() };
  const { config, secrets } = lab.simulators.cuckoo;
  const tools = await startTools({
    url: reachable(url),
    cuckoo: { baseUrl: String(config.base_url), token: secrets.api_token ?? '' },
    async tokenOf(id) {
      await withdrawTokens(participants, id, by);
      return (await participants.issueToken(id, TOKEN, by)).token;
    },
  });
  return {
    ...tools,
    async close() {
      await tools.close();
      for (const id of TOOLS) await withdrawTokens(participants, id, by);
    },
  };
}

/**
 * Has the tools of the lab join over HTTP, each with a token that ends with this server. Gives undefined without a lab,
 * where the content folder does not declare them, and when they could not join (a restored server that is still frozen
 * takes in nobody). Never rejects.
 */
export async function openLabTools(
  { log }: Pick<Foundations, 'log'>,
  participants: Participants,
  lab: Lab | undefined,
  url: string,
): Promise<LabTools | undefined> {
  if (!lab || !TOOLS.every((id) => participants.get(id))) return undefined;
  try {
    return await join(participants, lab, url);
  } catch (error) {
    log.warn({ err: String(error) }, 'the tools of the lab could not join the fabric');
    return undefined;
  }
}
