import { type Json, type JsonObject, stableId } from '@counterpoint/core';
import type { CompiledExpression, CompiledTemplate } from '@counterpoint/expressions';
import type { ApprovalStep, AskStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { at, clearTimer, type Decided, type Deciding, emit, evaluate, setTimer } from '../interpreter/deciding.ts';
import type { PeopleQuestion } from '../interpreter/happening.ts';
import type { OpenStep, Scope } from '../interpreter/state.ts';

type Asking = ApprovalStep | AskStep;

/** A question but for what every question has: who is asked, until when, with which form. */
export type Particular = Omit<PeopleQuestion, 'text' | 'via' | 'form' | 'due'>;

/** Puts a step's question before people, and lets the step wait for them. */
export function askPeople(
  d: Deciding,
  scope: Scope,
  step: Asking,
  particular: Particular,
  hashes: Readonly<Record<string, string>> | null,
): void {
  const address = at(scope, step);
  const due = step.deadline ? d.moment.at + step.deadline.after : null;
  const text = textOf(evaluate(d, scope, step, step.text));
  const form = (step.form ?? null) as Json;
  emit(d, { kind: 'step_started', address, data: { attempt: 1, input: null, waits: true } });
  const open = d.state.open.get(address) as OpenStep;
  const item = stableId('inbox', d.state.run, address, String(open.generation));
  emit(d, { kind: 'people_asked', address, data: { item, due, covers: hashes } });
  const question: PeopleQuestion = { ...particular, text, form, via: step.via, due };
  d.commands.push({ kind: 'ask_people', address, item, question });
  if (due !== null) setTimer(d, address, 'deadline', due);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The users that a template names; none without one. @throws engine.nobody_to_ask */
export function usersOf(
  d: Deciding,
  scope: Scope,
  step: Asking,
  users: CompiledTemplate | undefined,
): readonly string[] {
  if (!users) return [];
  const names = namesOf(step, evaluate(d, scope, step, users));
  if (names.length === 0) throw errors.nobody_to_ask({ step: step.id, actual: 'an empty list of users' });
  return names;
}

/** The references that an expression excludes. @throws engine.nobody_to_ask when they cannot be read */
export function excludedBy(
  d: Deciding,
  scope: Scope,
  step: Asking,
  exclude: CompiledExpression | undefined,
): readonly string[] {
  const value = exclude ? evaluate(d, scope, step, exclude) : null;
  return value === null ? [] : namesOf(step, value);
}

function namesOf(step: Asking, value: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  const wrong = names.find((name) => typeof name !== 'string' || name === '');
  if (wrong !== undefined) throw errors.nobody_to_ask({ step: step.id, actual: JSON.stringify(wrong) });
  return names as readonly string[];
}

/** Records what people decided about the step's item. */
export function noteDecision(d: Deciding, open: OpenStep, { item, status, hash }: Decided): void {
  clearTimer(d, open.address, 'deadline');
  emit(d, { kind: 'people_decided', address: open.address, data: { item, status, hash } });
}

/** The step's time for people is up: the item is decided by its time-out, unless people were first. */
export function expireInbox(d: Deciding, open: OpenStep): void {
  if (open.approval) d.commands.push({ kind: 'expire_inbox', address: open.address, item: open.approval.item });
}

/** Nobody waits for people any more. */
export function closeInbox(d: Deciding, open: OpenStep): void {
  clearTimer(d, open.address, 'deadline');
  const { address, approval, generation } = open;
  if (approval) d.commands.push({ kind: 'close_inbox', address, item: approval.item, generation });
}

/** What was entered, or what the form holds before anybody entered anything. */
export function formOf(step: Asking, given: Json): JsonObject {
  if (given !== null && typeof given === 'object' && !Array.isArray(given)) return given as JsonObject;
  const properties = (step.form?.properties ?? {}) as Readonly<Record<string, JsonObject>>;
  const defaults = Object.entries(properties).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(defaults);
}
