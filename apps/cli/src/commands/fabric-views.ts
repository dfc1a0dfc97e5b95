import type { CallResult } from '@counterpoint/sdk';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { readJson } from '../read-input.ts';
import { clockTime, line, printJson, printTable, renderTree, safe, type TreeNode } from '../terminal.ts';

type Map = CallResult<'fabricMap'>;

/** Of the last hour, which is what the server counts unless told otherwise. */
const published = (count: number): string => (count === 0 ? '' : pc.dim(`  ${count} in the last hour`));

function topicNode(map: Map, { topic, title, events: count }: Map['topics'][number]): TreeNode {
  const here = `topic:${topic}`;
  const from = map.edges.filter(({ to }) => to === here);
  const to = map.edges.filter((edge) => edge.from === here);
  const node = (name: string, how: string, kind: string, conditional: boolean): TreeNode => {
    const means = ['publish', 'subscribe'].includes(kind) ? '' : pc.dim(` ${kind.replace('_', ' ')}`);
    const when = conditional && how === '→' && !name.startsWith('participant:') ? pc.dim(' when …') : '';
    return { label: `${pc.cyan(how)} ${safe(name)}${means}${when}`, children: [] };
  };
  return {
    label: `${pc.bold(safe(topic))}  ${pc.dim(safe(title))}${published(count)}`,
    children: [
      ...from.map(({ from: who, kind, conditional }) => node(who, '←', kind, conditional)),
      ...to.map(({ to: who, kind, conditional }) => node(who, '→', kind, conditional)),
    ],
  };
}

function reactionRows({ reactions }: Map): string[][] {
  return reactions.map(({ id, mode, topic, breaker, held, runs, outcomes }) => [
    id,
    mode,
    topic,
    String(runs),
    held > 0 ? pc.yellow(String(held)) : '0',
    Object.entries(outcomes)
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join(', '),
    breaker === 'open' ? pc.red('open') : 'closed',
  ]);
}

/** `counterpoint fabric map`: who publishes and takes what, and what stands still. */
export async function map(_options: unknown, command: Command): Promise<void> {
  const found = await signedInClient(command).fabricMap();
  if (globalOptions(command).json) return printJson(found);
  const busy = new Set(found.edges.flatMap(({ from, to }) => [from, to]));
  const topics = found.topics.filter(({ topic, events: count }) => busy.has(`topic:${topic}`) || count > 0);
  for (const text of renderTree(topics.map((one) => topicNode(found, one)))) line(text);
  line();
  const members = found.participants.map(({ id, state, enabled, site, published, refused, drifted }) => [
    id,
    enabled ? (state === 'online' ? pc.green(state) : pc.dim(state)) : pc.red('disabled'),
    safe(site),
    String(published),
    refused > 0 ? pc.red(String(refused)) : '0',
    drifted ? pc.yellow('drifted') : '',
  ]);
  printTable(['participant', 'is', 'site', 'published', 'refused', ''], members, 'Nobody was let in yet.');
  line();
  const head = ['reaction', 'mode', 'topic', 'runs', 'held', 'else', 'breaker'];
  printTable(head, reactionRows(found), 'No reaction is published.');
  line();
  printConsumers(found.consumers);
  if (found.dead > 0) line(pc.red(`${found.dead} dead: counterpoint fabric dead`));
}

function printConsumers(standings: Map['consumers']): void {
  const rows = standings.map(({ name, position, behind, retrying, dead }) => [
    name,
    String(position),
    String(behind),
    retrying > 0 ? pc.yellow(String(retrying)) : '0',
    dead > 0 ? pc.red(String(dead)) : '0',
  ]);
  printTable(['consumer', 'position', 'behind', 'trying again', 'dead'], rows, 'Nobody consumes the log yet.');
}

/** `counterpoint fabric topics`. */
export async function topics(_options: unknown, command: Command): Promise<void> {
  const { items } = await signedInClient(command).listTopics();
  if (globalOptions(command).json) return printJson({ items });
  const rows = items.map(({ topic, title, declared, open, publishers, takers, events: count }) => [
    topic,
    declared ? safe(title) : pc.yellow('not declared'),
    open ? pc.yellow('open') : 'schema',
    String(count),
    safe(publishers.join(', ')),
    safe(takers.join(', ')),
  ]);
  printTable(['topic', 'title', 'data', 'last hour', 'published by', 'taken by'], rows, 'There are no topics.');
}

/** The options of `counterpoint fabric events`. */
export interface EventsOptions {
  readonly topic: string;
  readonly since?: number;
  readonly after?: number;
  readonly limit: number;
}

const SHOWN = 100;

/** `counterpoint fabric events`: the log, from a time or position on. */
export async function events({ topic, since, after, limit }: EventsOptions, command: Command): Promise<void> {
  const from = after === undefined ? { since: since === undefined ? undefined : Date.now() - since } : { after };
  const page = await signedInClient(command).listEvents({ query: { topic, limit, ...from } });
  if (globalOptions(command).json) return printJson(page);
  const rows = page.items.map(({ position, at, topic: name, participant, hop, id, data }) => [
    String(position),
    clockTime(at),
    name,
    safe(participant),
    String(hop),
    id,
    safe(data).slice(0, SHOWN),
  ]);
  printTable(['position', 'at', 'topic', 'from', 'hop', 'event', 'data'], rows, 'No such event is in the log.');
  if (page.next !== null) line(pc.dim(`counterpoint fabric events --topic '${topic}' --after ${page.next}`));
}

/** `counterpoint fabric consumers`. */
export async function consumers(_options: unknown, command: Command): Promise<void> {
  const found = await signedInClient(command).listConsumers();
  if (globalOptions(command).json) return printJson(found);
  line(pc.dim(`the log holds positions ${found.first} to ${found.last}`));
  printConsumers(found.items);
}

type WhatIfBody = { topic: string; data: never; participant?: string; hop?: number };

/** `counterpoint fabric what-if`: an event (`{topic, data, participant?, hop?}`, or a CloudEvents envelope) that nobody publishes. */
export async function whatIf(file: string, _options: unknown, command: Command): Promise<void> {
  const given = readJson(file) as { readonly type?: string } & WhatIfBody;
  const { topic = given.type ?? '', data, participant, hop } = given;
  const wish = {
    topic,
    data,
    ...(participant === undefined ? {} : { participant }),
    ...(hop === undefined ? {} : { hop }),
  };
  const { problem, takers } = await signedInClient(command).whatIf({ body: wish });
  if (globalOptions(command).json) return printJson({ problem, takers });
  if (problem !== '') return line(`${pc.red('It could not be published')}: ${safe(problem)}`);
  if (takers.length === 0) return line(pc.dim('Nobody would take it.'));
  const colours = { act: pc.green, ask: pc.yellow, observe: pc.cyan, start: pc.green, ignore: pc.dim, refuse: pc.red };
  const nodes = takers.map(({ kind, id, would, reason, steps }): TreeNode => {
    const why = reason === '' ? '' : pc.dim(`  ${safe(reason)}`);
    const children = steps.map((label) => ({ label: safe(label), children: [] }));
    return { label: `${kind} ${pc.bold(safe(id))} would ${colours[would](would)}${why}`, children };
  });
  for (const text of renderTree(nodes)) line(text);
}
