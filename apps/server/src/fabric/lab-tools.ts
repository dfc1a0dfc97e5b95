import { newTraceId } from '@counterpoint/core';
import type { Participants } from '@counterpoint/fabric';
import { type Lab, type LabTools, startTools } from '@counterpoint/lab';

/** The title of the tokens that the tools of the lab join with. */
const TOKEN = 'the lab';

const TOOLS = ['mail_gateway', 'sandbox', 'endpoint', 'proxy', 'directory', 'dns_sinkhole'];

/** Where this machine reaches a server that listens everywhere. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/**
 * Has the tools of the lab join over HTTP, each with a token that ends with this server. Gives undefined where the content
 * folder does not declare them.
 */
export async function openLabTools(participants: Participants, lab: Lab, url: string): Promise<LabTools | undefined> {
  if (!TOOLS.every((id) => participants.get(id))) return undefined;
  const by = { principal: 'system', trace: newTraceId() };
  const withdraw = async (id: string) => {
    const standing = (await participants.credentials(id)).filter(({ detail, revoked_at }) => {
      return (detail as { title?: string }).title === TOKEN && revoked_at === null;
    });
    for (const credential of standing) await participants.revoke(credential.id, by);
  };
  const { config, secrets } = lab.simulators.cuckoo;
  const tools = await startTools({
    url: reachable(url),
    cuckoo: { baseUrl: String(config.base_url), token: secrets.api_token ?? '' },
    async tokenOf(id) {
      await withdraw(id);
      return (await participants.issueToken(id, TOKEN, by)).token;
    },
  });
  return {
    ...tools,
    async close() {
      await tools.close();
      for (const id of TOOLS) await withdraw(id);
    },
  };
}
