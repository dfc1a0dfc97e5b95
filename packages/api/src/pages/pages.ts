import { type CounterpointError, isCounterpointError, type JsonObject, newId, newTraceId } from '@counterpoint/core';
import type { Engine, PageTrigger, PlanSource, PublishedTrigger } from '@counterpoint/engine';
import type { Principal } from '@counterpoint/identity';
import { type Mismatch, validateValue } from '@counterpoint/playbook';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { errors } from '../errors.ts';
import { fromElsewhere, sameText } from '../session/foreign.ts';
import type { Gate } from '../session/gate.ts';
import { dataOf, type FormField, fieldsOf } from './form-fields.ts';
import { formPage, PAGE_POLICY, refusalPage, thanksPage } from './render.ts';

/** What pages lead to. */
export interface PageServices {
  readonly engine: Pick<Engine, 'startRun'>;
  readonly plans: Pick<PlanSource, 'forPage'>;
  readonly gate: Pick<Gate, 'tokenOf' | 'sessionOf'>;
  /** @throws an identity error with status 403 */
  readonly authorise: (principal: Principal, permission: string) => void;
}

/** The largest form that is read, in bytes. */
const FORM_BYTES = 64 * 1024;

/** How many forms one address may send in a minute, and how many one page takes from all. */
const PER_ADDRESS = 20;
const PER_PAGE = 300;

const SUBMISSION = /^[0-9a-f-]{36}$/;

interface Limits {
  readonly address: RateLimiterMemory;
  readonly page: RateLimiterMemory;
}

/**
 * Adds `/pages/:page`, the forms of page triggers. GET shows the form, POST starts a run with what was entered: once for
 * each form that was shown, however often it is sent. Pages need no script. One that is not public takes the session of who
 * is signed in to the console, proved by what the form carries, and else asks for an access token with each form.
 */
export function addPages(app: FastifyInstance, services: PageServices): void {
  const limits: Limits = {
    address: new RateLimiterMemory({ points: PER_ADDRESS, duration: 60 }),
    page: new RateLimiterMemory({ points: PER_PAGE, duration: 60 }),
  };
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_BYTES },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    const options = { config: { permission: 'anonymous' }, schema: { hide: true } };
    scope.get('/pages/:page', options, async (request, reply) => {
      const trigger = await pageOf(services, request);
      const proof = await proofFor(services, trigger, request);
      return send(reply, 200, show(trigger, new URLSearchParams(), new Map(), proof));
    });
    scope.post('/pages/:page', options, async (request, reply) => {
      const trigger = await pageOf(services, request);
      try {
        return await take(services, limits, trigger, request, reply);
      } catch (error) {
        if (!isCounterpointError(error) || error.status >= 500) throw error;
        return send(reply, error.status, refusalPage(trigger.published.plan.title, said(error)));
      }
    });
  });
}

type Page = PublishedTrigger<PageTrigger>;

async function pageOf({ plans }: PageServices, request: FastifyRequest): Promise<Page> {
  const { page } = request.params as { page: string };
  const trigger = await plans.forPage(page);
  if (!trigger) throw errors.not_found({ kind: 'page', id: page });
  return trigger;
}

function said({ message, help }: CounterpointError): string {
  return `${message} ${help}`;
}

function send(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-security-policy': PAGE_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .type('text/html; charset=utf-8')
    .send(html);
}

function show(
  { published, trigger }: Page,
  entered: URLSearchParams,
  problems: ReadonlyMap<string, string>,
  proof: string | undefined,
  submission = newId(),
): string {
  const { title } = published.plan;
  return formPage({
    title,
    fields: fieldsOf(trigger.form),
    entered,
    problems,
    submission,
    asksToken: !trigger.public,
    proof,
  });
}

async function take(
  services: PageServices,
  limits: Limits,
  page: Page,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (fromElsewhere(request)) throw errors.page_foreign();
  await refuseTooMany(limits, page.trigger.path, request.ip);
  const entered = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const principal = await senderOf(services, page.trigger, request, entered);
  const fields = fieldsOf(page.trigger.form);
  const data = dataOf(fields, entered);
  const wrong = validateValue(page.trigger.form, data);
  const submission = SUBMISSION.test(entered.get('submission') ?? '') ? (entered.get('submission') as string) : newId();
  if (wrong.length > 0) {
    const problems = problemsOf(fields, data, wrong);
    const proof = await proofFor(services, page, request);
    return send(reply, 422, show(page, entered, problems, proof, submission));
  }
  const { plan } = page.published;
  const { run } = await services.engine.startRun({
    playbook: plan.id,
    trigger: { kind: 'page', id: page.trigger.id, key: submission },
    event: data,
    causality: { principal, trace: newTraceId(), cause: principal, hop: 0 },
  });
  return send(reply, 200, thanksPage(plan.title, run));
}

/** What is wrong, by field; the first that is wrong with each. */
function problemsOf(fields: readonly FormField[], data: JsonObject, wrong: readonly Mismatch[]): Map<string, string> {
  const problems = new Map<string, string>();
  for (const { name, required } of fields)
    if (required && !Object.hasOwn(data, name)) problems.set(name, 'This is needed.');
  for (const { path, reason } of wrong) {
    const name = String(path[0] ?? '');
    if (name !== '' && !problems.has(name)) problems.set(name, reason);
  }
  return problems;
}

/** What a form carries for who is signed in; undefined where it asks for no one, or nobody is. */
async function proofFor(
  { gate }: PageServices,
  { trigger }: Page,
  request: FastifyRequest,
): Promise<string | undefined> {
  return trigger.public ? undefined : (await gate.sessionOf(request))?.csrf;
}

/** @throws api.page_busy */
async function refuseTooMany({ address, page }: Limits, path: string, ip: string): Promise<void> {
  try {
    await address.consume(ip);
    await page.consume(path);
  } catch {
    throw errors.page_busy();
  }
}

/** Who sends a form: anybody, or whose token it is. @throws identity errors */
async function senderOf(
  { gate, authorise }: PageServices,
  trigger: PageTrigger,
  request: FastifyRequest,
  entered: URLSearchParams,
): Promise<string> {
  if (trigger.public) return `page:${trigger.path}`;
  const token = entered.get('access_token');
  const proof = entered.get('csrf');
  const session = token || proof === null ? undefined : await gate.sessionOf(request);
  if (session && !sameText(proof ?? '', session.csrf)) throw errors.page_foreign();
  const authorization = token ? `Bearer ${token}` : request.headers.authorization;
  const principal = session?.principal ?? (await gate.tokenOf(authorization));
  authorise(principal, 'playbook:run');
  return principal.ref;
}
