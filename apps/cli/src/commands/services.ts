import { parseJson } from '@counterpoint/core';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

interface ListOptions {
  readonly service?: string;
  readonly limit: string;
  readonly after?: string;
}

async function list({ service, limit, after }: ListOptions, command: Command): Promise<void> {
  const query = { service, limit: Number(limit), cursor: after };
  const page = await signedInClient(command).listServices({ query });
  if (globalOptions(command).json) return printJson(page);
  const rows = page.items.map((one) => [
    safe(one.service),
    one.participant,
    safe(one.site),
    safe(one.id),
    one.expires_at === null ? '' : dateTime(one.expires_at),
  ]);
  printTable(['service', 'participant', 'site', 'instance', 'until'], rows, 'Nobody offers a service now.');
  if (page.next !== null) line(pc.dim(`counterpoint services list --after ${page.next}`));
}

interface CallOptions {
  readonly with: string;
  readonly timeout: string;
  readonly lease?: string;
  readonly site?: string;
  readonly instance?: string;
  readonly topic?: string;
  readonly key?: string;
}

async function call(service: string, { with: payload, ...options }: CallOptions, command: Command): Promise<void> {
  const body = { service, payload: parseJson(payload), ...options };
  const result = await signedInClient(command).invokeService({ body });
  if (globalOptions(command).json) return printJson(result);
  for (const part of JSON.stringify(result.answer, null, 2).split('\n')) line(safe(part));
}

/** `counterpoint services`: what is offered on the fabric now, and asking for it. */
export function addServices(program: Command): void {
  const services = program
    .command('services')
    .description('see what is offered on the fabric, and ask for it')
    .addHelpText(
      'after',
      `
Examples:
  counterpoint services
  counterpoint services call dns_sinkhole.block_domain --with '{"domain":"evil.example"}' --lease 1h`,
    );
  services
    .command('list', { isDefault: true })
    .description('list the live instances')
    .option('--service <name>', 'only those of this service')
    .option('--limit <count>', 'at most so many', '50')
    .option('--after <cursor>', 'continue behind a page')
    .action(list);
  services
    .command('call')
    .description('ask a service; what changes something passes the same door as any action')
    .argument('<service>', '<participant>.<action>, <connector>.<action>, capability:<name> or dxl.<service type>')
    .option('--with <json>', 'what it is sent', '{}')
    .option('--timeout <duration>', 'how long its answer is waited for', '30s')
    .option('--lease <duration>', 'how long a lasting effect is to stay')
    .option('--site <site>', 'the nearest instance to this site is asked first')
    .option('--instance <id>', 'only this instance')
    .option('--topic <topic>', 'the topic to address, where the service takes requests on several')
    .option('--key <key>', 'asking again under the same key does nothing twice')
    .action(call);
}
