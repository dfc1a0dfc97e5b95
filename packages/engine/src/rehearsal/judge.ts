import { formatDuration, type Json } from '@counterpoint/core';
import { type DocumentNode, type Position, toJson } from '@counterpoint/playbook';
import { type ErrorValue, isNamed } from '../interpreter/error-value.ts';
import type { ObservedRun, ObservedStep } from './observe.ts';
import type { RecordedCall, RunRecord } from './record.ts';
import { deviations, show } from './subset.ts';
import type { Expectation, ExpectedCall } from './test-file.ts';

/** One thing that is not as a test expects. */
export interface Difference {
  /** What it is about, such as `step perimeter_block` or `outputs.level`. */
  readonly about: string;
  readonly expected: string;
  readonly actual: string;
  /** Where the test file says so. */
  readonly position: Position;
}

/** Holds what happened against what is expected. */
export function judge(expect: Expectation, run: ObservedRun, record: RunRecord): readonly Difference[] {
  return [
    ...judgeEnd(expect, run),
    ...judgeSteps(expect, run.steps),
    ...judgeCalls(expect, record.calls),
    ...judgeNotCalled(expect, record.calls),
    ...judgeUndone(expect, record),
    ...judgePublished(expect, record),
    ...judgeOutputs(expect, run),
  ];
}

/** An error in words: the step it comes from, its code and its message. */
export function describeError({ code, message, step }: ErrorValue): string {
  return `${step === '' ? '' : `step ${step}: `}${code}: ${message}`;
}

function judgeEnd({ status, error, position }: Expectation, run: ObservedRun): Difference[] {
  const because = run.error ? ` (${describeError(run.error)})` : '';
  const wrongStatus = status && status.value !== run.status;
  if (wrongStatus) {
    return [{ about: 'status', expected: status.value, actual: `${run.status}${because}`, position: status.position }];
  }
  if (!status && run.status === 'unfinished') {
    return [{ about: 'status', expected: 'an end', actual: 'the run waits for something that never comes', position }];
  }
  if (!error || (run.error && isNamed(run.error, [error.value]))) return [];
  const actual = run.error ? describeError(run.error) : 'no error';
  return [{ about: 'error', expected: error.value, actual, position: error.position }];
}

function judgeSteps({ steps }: Expectation, observed: readonly ObservedStep[]): Difference[] {
  return [...steps].flatMap(([name, { value: expected, position }]) => {
    const found = observed.filter(({ address }) => address === name || address.endsWith(`].${name}`));
    const about = (address: string): string => `step ${address}`;
    if (found.length === 0) {
      return expected === 'skipped' ? [] : [{ about: about(name), expected, actual: 'it never began', position }];
    }
    return found
      .filter(({ status }) => status !== expected)
      .map(({ address, status, error }) => {
        const actual = error ? `${status} (${error.code}: ${error.message})` : status;
        return { about: about(address), expected, actual, position };
      });
  });
}

function judgeCalls({ calls }: Expectation, recorded: readonly RecordedCall[]): Difference[] {
  const left = [...recorded];
  const unmet: ExpectedCall[] = [];
  for (const call of calls) {
    const index = left.findIndex((one) => isCallOf(call, one) && differencesOf(call, one).length === 0);
    if (index === -1) unmet.push(call);
    else left.splice(index, 1);
  }
  return unmet.flatMap((call): readonly Difference[] => {
    const candidates = left.filter((one) => isCallOf(call, one)).map((one) => differencesOf(call, one));
    const [nearest] = candidates.sort((a, b) => a.length - b.length);
    if (nearest) return nearest;
    const about = `call ${call.name.value}`;
    const { position } = call.name;
    const times = recorded.filter((one) => isCallOf(call, one)).length;
    if (times === 0) return [{ about, expected: 'called', actual: 'not called', position }];
    return [{ about, expected: 'called once more', actual: `called ${times}×`, position }];
  });
}

function isCallOf(call: ExpectedCall, one: RecordedCall): boolean {
  return one.kind === call.kind && one.name === call.name.value;
}

function differencesOf(call: ExpectedCall, one: RecordedCall): Difference[] {
  const about = `call ${call.name.value}${one.address === '' ? '' : ` (${one.address})`}`;
  const wrong = call.with ? compared(`${about} with`, call.with, one.with) : [];
  const { lease } = call;
  if (!lease || lease.value === one.lease) return wrong;
  const actual = one.lease === undefined ? 'no lease' : formatDuration(one.lease);
  const expected = formatDuration(lease.value);
  return [...wrong, { about: `${about} lease`, expected, actual, position: lease.position }];
}

function judgeNotCalled({ notCalled }: Expectation, recorded: readonly RecordedCall[]): Difference[] {
  return notCalled.flatMap(({ value: name, position }) =>
    recorded
      .filter((call) => call.name === name)
      .map((call) => {
        const by = call.address === '' ? '' : ` by ${call.address}`;
        return {
          about: `call ${name}`,
          expected: 'not called',
          actual: `called${by} with ${show(call.with)}`,
          position,
        };
      }),
  );
}

function judgeUndone({ undone }: Expectation, record: RunRecord): Difference[] {
  return undone
    .filter(({ value }) => !record.undone.has(value))
    .map(({ value, position }) => ({ about: `step ${value}`, expected: 'undone', actual: 'not undone', position }));
}

function judgePublished({ published }: Expectation, record: RunRecord): Difference[] {
  const left = [...record.published];
  return published.flatMap(({ topic, data }): Difference[] => {
    const fits = left.findIndex(
      (event) => event.topic === topic.value && (!data || deviations(toJson(data), event.data).length === 0),
    );
    if (fits !== -1) {
      left.splice(fits, 1);
      return [];
    }
    const about = `event ${topic.value}`;
    const other = left.find((event) => event.topic === topic.value);
    if (other && data) return compared(`${about} data`, data, other.data);
    return [{ about, expected: 'published', actual: 'not published', position: topic.position }];
  });
}

function judgeOutputs({ outputs }: Expectation, run: ObservedRun): Difference[] {
  return outputs ? compared('outputs', outputs, run.outputs) : [];
}

function compared(about: string, expected: DocumentNode, actual: Json): Difference[] {
  return deviations(toJson(expected), actual).map((one) => ({
    about: `${about}${one.path}`,
    expected: one.expected,
    actual: one.actual,
    position: expected.position,
  }));
}
