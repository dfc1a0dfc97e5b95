import { isIP, SocketAddress } from 'node:net';
import { type ActionCall, type ActionHandler, isConnectorError, vendorError } from '@counterpoint/connector-kit';
import type { Json } from '@counterpoint/core';
import { banDocument, listDocument, type SetElement, unbanDocument } from './commands.ts';
import { runNft } from './run-nft.ts';

/** A banned address; `expires_in` in seconds, null when it stays for good. */
interface Ban {
  readonly ip: string;
  readonly expires_in: number | null;
}

function tableOf({ connection }: ActionCall): string {
  const { table } = connection.config;
  return typeof table === 'string' ? table : 'counterpoint';
}

/** The address in the spelling that nft prints, and its set. */
function elementOf(call: ActionCall): SetElement {
  const ip = String(call.input.ip);
  const family = isIP(ip);
  if (family === 4) return { ip, set: 'banned_v4' };
  if (family === 6 && !ip.includes('%')) {
    return { ip: new SocketAddress({ address: ip, family: 'ipv6' }).address, set: 'banned_v6' };
  }
  throw vendorError('nftables', call, {
    error: 'invalid_request',
    reason: `"${ip}" is no IP address`,
    performed: 'no',
  });
}

function banOf(element: Json): Ban {
  if (typeof element === 'string') return { ip: element, expires_in: null };
  const { elem } = element as { elem: { val: string; expires?: number } };
  return { ip: elem.val, expires_in: elem.expires ?? null };
}

/** The bans of one set; none when the table does not exist yet. */
async function bansIn(call: ActionCall, set: SetElement['set']): Promise<readonly Ban[]> {
  try {
    const listed = await runNft(call, listDocument(tableOf(call), set));
    const elements = listed.flatMap((item) => (item as { set?: { elem?: readonly Json[] } }).set?.elem ?? []);
    return elements.map(banOf);
  } catch (error) {
    const namespaceMissing = error instanceof Error && error.message.includes('network namespace');
    if (isConnectorError(error) && error.reason === 'not_found' && !namespaceMissing) return [];
    // Only a question was asked so far.
    throw isConnectorError(error) ? error.beforeSending() : error;
  }
}

async function banNow(call: ActionCall, element: SetElement): Promise<Ban | undefined> {
  return (await bansIn(call, element.set)).find(({ ip }) => ip === element.ip);
}

/** The code actions of the nftables connector. */
export const handlers: Readonly<Record<string, ActionHandler>> = {
  async ban_ip(call) {
    const element = elementOf(call);
    const before = await banNow(call, element);
    await runNft(call, banDocument(tableOf(call), element, Number(call.input.duration_seconds ?? 0)));
    return { ip: element.ip, already_blocked: before !== undefined };
  },

  async unban_ip(call) {
    const element = elementOf(call);
    const before = await banNow(call, element);
    if (!before) return { ip: element.ip, was_banned: false };
    try {
      await runNft(call, unbanDocument(tableOf(call), element));
    } catch (error) {
      // It expired, or somebody lifted it, between the two calls.
      if (!isConnectorError(error) || error.reason !== 'not_found') throw error;
    }
    return { ip: element.ip, was_banned: true };
  },

  async get_ban(call) {
    const element = elementOf(call);
    const ban = await banNow(call, element);
    return { ip: element.ip, banned: ban !== undefined, expires_in: ban?.expires_in ?? null };
  },

  async list_bans(call) {
    return { bans: [...(await bansIn(call, 'banned_v4')), ...(await bansIn(call, 'banned_v6'))] as unknown as Json };
  },
};
