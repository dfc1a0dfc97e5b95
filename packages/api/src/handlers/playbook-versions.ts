import type { PlaybookEndpointName } from '@counterpoint/contracts';
import { type Clock, newTraceId } from '@counterpoint/core';
import {
  discardDraft,
  engineErrors,
  getDraft,
  publishPlaybook,
  saveDraft,
  versionByNumber,
  versionToRollBackTo,
} from '@counterpoint/engine';
import type { DraftRow, PlaybookVersionRow, Store } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';
import { type Catalogue, compilePlaybook, diffPlans, diffText, type EffectOf, type Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { findingView, planWithoutErrors } from '../finding-view.ts';
import type { Handlers } from '../handler-types.ts';
import { pageRows } from '../paging.ts';
import type { PlaybookDesk } from '../playbook-desk.ts';
import { type NamedSource, readSource } from './playbook-source.ts';

/** What the handlers of drafts and versions need. */
export interface VersionServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly desk: PlaybookDesk;
}

type DraftNames = 'getDraft' | 'saveDraft' | 'discardDraft' | 'publishDraft';
type VersionNames = 'listVersions' | 'getVersion' | 'rollBackPlaybook' | 'diffPlaybook';
type Group<Names extends PlaybookEndpointName> = Pick<Handlers<PlaybookEndpointName>, Names>;

async function currentOf(store: Store, playbook: string): Promise<string | undefined> {
  return (await store.get('playbooks', playbook))?.current;
}

function versionView(
  { id, playbook, number, published_at, principal }: PlaybookVersionRow,
  current: string | undefined,
) {
  return { id, playbook, number, published_at, principal, current: id === current };
}

async function draftView({ store, desk }: VersionServices, row: DraftRow) {
  const { id: playbook, source, rev, base, principal, updated_at } = row;
  const tests = [...row.tests];
  const [{ findings }, current = ''] = await Promise.all([desk.check(source), currentOf(store, playbook)]);
  const base_is_current = base === current;
  const shared = { playbook, source, rev, tests, base, base_is_current, principal, updated_at };
  return { ...shared, findings: findings.map(findingView) };
}

function draftHandlers(services: VersionServices): Group<DraftNames> {
  const { store, clock, desk } = services;
  const author = (principal: Principal) => ({ principal: principal.ref, now: clock.now(), trace: newTraceId() });
  return {
    getDraft: async ({ params }) => draftView(services, await getDraft(store, params.id ?? '')),
    async saveDraft({ params, body, principal }) {
      const playbook = params.id ?? '';
      const named = compilePlaybook(body.source).plan?.id;
      if (named !== undefined && named !== playbook) throw errors.other_playbook({ playbook, id: named });
      return draftView(services, await saveDraft(store, { playbook, ...body }, author(principal)));
    },
    async discardDraft({ params, query, principal }) {
      const playbook = params.id ?? '';
      await discardDraft(store, playbook, query.rev, author(principal));
      return { playbook };
    },
    async publishDraft({ params, body, principal }) {
      const playbook = params.id ?? '';
      const draft = await getDraft(store, playbook);
      const current = await currentOf(store, playbook);
      if (!body.force && draft.base !== (current ?? '')) {
        const standing = current === undefined ? undefined : await store.get('playbook_versions', current);
        throw engineErrors.draft_outdated({ playbook, number: standing?.number ?? 0 });
      }
      const checked = await desk.check(draft.source);
      const plan = planWithoutErrors(checked);
      if (plan.id !== playbook) throw errors.other_playbook({ playbook, id: plan.id });
      const seen = { ...draft, rev: body.rev };
      const version = await publishPlaybook(store, plan, author(principal), { draft: seen });
      return { version: versionView(version, version.id), findings: checked.findings.map(findingView) };
    },
  };
}

/** The effect class of an action step, as connectors and capabilities say it. */
function effectsOf({ connectors, capabilities }: Catalogue): EffectOf {
  return ({ uses }: Plan, { alias, action }) => {
    const use = Object.hasOwn(uses, alias) ? uses[alias] : undefined;
    if (use?.kind === 'capability') return capabilities.get(use.capability)?.effect;
    return connectors.get(use?.connector ?? alias)?.actions[action]?.effect;
  };
}

function versionHandlers({ store, clock, desk }: VersionServices): Group<VersionNames> {
  const planOf = async ({ source }: NamedSource): Promise<Plan> => {
    const checked = await desk.check(source);
    // What is compared need not pass every check: connections and playbooks may have gone since.
    return checked.plan ?? compilePlaybook(source).plan ?? planWithoutErrors(checked);
  };
  return {
    async listVersions({ params, query }) {
      const playbook = params.id ?? '';
      const current = await currentOf(store, playbook);
      if (current === undefined) throw errors.not_found({ kind: 'playbook', id: playbook });
      const options = { column: 'number', key: 'number', where: { playbook } } as const;
      const { rows, next } = await pageRows(store, 'playbook_versions', query, options);
      return { items: rows.map((row) => versionView(row, current)), next };
    },
    async getVersion({ params }) {
      const playbook = params.id ?? '';
      const number = params.number ?? '';
      if (!/^[1-9]\d{0,8}$/.test(number)) throw errors.version_invalid({ version: number });
      const row = await versionByNumber(store, playbook, Number(number));
      return { ...versionView(row, await currentOf(store, playbook)), source: row.source };
    },
    async rollBackPlaybook({ params, body, principal }) {
      const playbook = params.id ?? '';
      const { from, to } = await versionToRollBackTo(store, playbook, body.to);
      const plan = planWithoutErrors(await desk.check(to.source));
      const publisher = { principal: principal.ref, now: clock.now(), trace: newTraceId() };
      const version = await publishPlaybook(store, plan, publisher, { rolledBackFrom: from.number });
      return { from: from.number, version: versionView(version, version.id) };
    },
    async diffPlaybook({ params, query }) {
      const playbook = params.id ?? '';
      const [from, to] = await Promise.all([
        readSource(store, playbook, query.from),
        readSource(store, playbook, query.to),
      ]);
      const changes = diffPlans(await planOf(from), await planOf(to), effectsOf(desk.catalogue));
      const name = (one: NamedSource): string => `${playbook} ${one.name}`;
      const text = diffText({ name: name(from), text: from.source }, { name: name(to), text: to.source });
      return { from: from.name, to: to.name, changes: [...changes], text };
    },
  };
}

/** Performs the operations on drafts and published versions. */
export function versionsHandlers(services: VersionServices): Group<DraftNames | VersionNames> {
  return { ...draftHandlers(services), ...versionHandlers(services) };
}
