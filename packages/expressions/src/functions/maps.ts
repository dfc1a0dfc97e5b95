import { errors } from '../errors.ts';
import { admit, isMap, kindOf, type PlainMap, setOwn } from '../values.ts';
import type { FunctionSpec } from './spec.ts';

const group = 'maps';

/** Functions on maps, and on any value. */
export const mapFunctions: readonly FunctionSpec[] = [
  {
    name: 'keys',
    group,
    signatures: ['keys(map: map(dyn)) -> list(string)'],
    method: true,
    summary: 'The keys of a map.',
    examples: [{ expression: 'keys({"user": "alice", "host": "web01"})', result: ['user', 'host'] }],
    run: ([map]) => Object.keys(map as PlainMap),
  },
  {
    name: 'values',
    group,
    signatures: ['values(map: map(T)) -> list(T)'],
    method: true,
    summary: 'The values of a map.',
    examples: [{ expression: '{"a": 1, "b": 2}.values()', result: [1, 2] }],
    run: ([map]) => Object.values(map as PlainMap),
  },
  {
    name: 'merge',
    group,
    signatures: ['merge(...maps: map(T)) -> map(T)'],
    method: true,
    summary: 'One map with the entries of all; later ones win.',
    examples: [{ expression: 'merge({"a": 1}, {"a": 2, "b": 3})', result: { a: 2, b: 3 } }],
    run: (maps, runtime) => {
      const result: Record<string, unknown> = {};
      for (const map of maps) {
        if (!isMap(map))
          throw errors.type_mismatch({ what: 'merge()', expected: 'maps', actual: kindOf(map) }, runtime.where());
        runtime.charge(Object.keys(map).length);
        for (const key of Object.keys(map)) setOwn(result, key, map[key]);
      }
      return result;
    },
  },
  {
    name: 'type',
    group,
    signatures: ['type(value: dyn) -> string'],
    method: false,
    trusted: true,
    summary: 'The kind of a value: null, bool, int, double, string, list or map.',
    examples: [
      { expression: 'type(5)', result: 'int' },
      { expression: 'type({"a": 1})', result: 'map' },
    ],
    run: ([value]) => (typeof value === 'string' ? 'string' : kindOf(value)),
  },
  {
    name: 'dyn',
    group,
    signatures: ['dyn(value: dyn) -> dyn'],
    method: false,
    summary: 'The value itself, of a type that the checker does not look into.',
    examples: [{ expression: 'dyn("5") == 5', result: false }],
    run: ([value]) => value,
  },
  {
    name: 'lookup',
    group,
    signatures: ['lookup(table: string, key: dyn) -> dyn'],
    method: false,
    summary:
      'The row of a declared table under a key; null when there is none. The answer is kept in the run’s journal.',
    examples: [{ expression: 'lookup("vip_users", "alice")', error: 'expressions.lookup_unavailable' }],
    run: ([table, key], runtime) => {
      if (!runtime.options.lookup) throw errors.lookup_unavailable({}, runtime.where());
      return admit(runtime.options.lookup(table as string, key) ?? null, runtime);
    },
  },
];
