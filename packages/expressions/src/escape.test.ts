import { isCounterpointError } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';
import { compileTemplate } from './template.ts';

class Host {
  readonly secret = 'canary';
  reveal(): string {
    return this.secret;
  }
}

let getterResult: unknown;
const scope: Record<string, unknown> = {
  text: 'abc',
  n: 5,
  list: ['a', 'b'],
  map: { a: 1, key: 'constructor' },
  host: new Host(),
  fn: () => 'canary',
  sym: Symbol('canary'),
  date: new Date(0),
  error: new Error('canary'),
  regexp: /canary/,
  store: new Map([['a', 'canary']]),
  nested: { host: new Host(), list: [new Host()], fn: () => 'canary' },
  inherited: Object.create({ a: 'canary' }),
  parsed: JSON.parse('{"__proto__": {"polluted": true}, "constructor": "data"}'),
  get lazy() {
    getterResult = process;
    return getterResult;
  },
  key: '__proto__',
};

const NAMES = [
  'constructor',
  '__proto__',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'toString',
  'valueOf',
  'length',
  'call',
  'apply',
  'bind',
  'then',
];
const ROOTS = ['text', 'n', 'list', 'map', '[]', '{}', '"x"', '1.5'];

const payloads: readonly string[] = [
  ...ROOTS.flatMap((root) => NAMES.flatMap((name) => [`${root}.${name}`, `${root}["${name}"]`])),
  ...NAMES.flatMap((name) => [
    name,
    `${name}()`,
    `text.${name}()`,
    `map.${name}("a")`,
    `list.map(x, x.${name})`,
    `has(map.${name}) ? 1 : map.${name}`,
  ]),
  ...NAMES.map((name) => `{"${name}": {"polluted": true}}.${name}.constructor`),
  ...['con', '__pro'].map((start) => `map["${start}" + "${start === 'con' ? 'structor' : 'to__'}"]`),
  'map[map.key]',
  'map[key]["polluted"]',
  'map[["constructor"][0]]',
  'map[["constructor"]]',
  'list["0"]["constructor"]',
  'list[0.5]',
  'map.?constructor.?prototype.value()',
  'map.?__proto__.value()',
  '"".constructor.constructor("return process")()',
  'list.filter.constructor("return this")()',
  '[].map(x, x).constructor',
  'text.replace("a", text.constructor)',
  'text.sub.call.call(fn)',
  'list.map(constructor, constructor.constructor)',
  'lookup.constructor',
  'lower.constructor("x")',
  'valid.constructor("x")',
  'valid["ip"]("1.1.1.1")',
  'valid.__proto__("x")',
  'host',
  'host.secret',
  'host.reveal()',
  'host.constructor',
  '[host]',
  '{"a": host}',
  'nested.host.secret',
  '[nested]',
  'values(nested)',
  'nested.list + []',
  'merge(nested, {})',
  'nested.list.map(x, x.secret)',
  'nested.list[0]',
  'nested.fn',
  'nested.fn()',
  'json(nested)',
  'string(nested)',
  'string(host)',
  'fn',
  'fn()',
  'sym',
  'date',
  'date.getTime()',
  'error.stack',
  'regexp.source',
  'store.a',
  'store.get("a")',
  'inherited.a',
  'lazy',
  'lazy.env',
  'lazy["env"]',
  'coalesce(lazy.env, host)',
  'has(lazy.env)',
  'parsed.polluted',
  'merge(map, {"__proto__": {"polluted": true}})',
  'merge(parsed, map)',
  '[map].group_by(x, "__proto__")',
  '["__proto__", "constructor"].map(k, {k: {"polluted": true}})',
  'parse_json("{\\"__proto__\\": {\\"polluted\\": true}}")',
  'parse_json("{\\"__proto__\\": {\\"polluted\\": true}}").polluted',
  'parse_url("http://h.example/?__proto__=1&constructor=2").query',
  'rx_groups("a", "(?P<constructor>a)")',
  'rx_groups("a", "(?P<__proto__>a)")',
  'keys(text.constructor)',
  'values(host)',
  '{...map}',
  '[...list]',
  'map?.constructor',
  'globalThis',
  'process',
  'process.env',
  'require("fs")',
  'import("fs")',
  'this',
  'self',
  'eval("1")',
  'Function("return 1")()',
  'new Host()',
  'x => x',
  'function() { return 1 }',
  '`template`',
  'text = "x"',
  'map.a = 2',
  'delete map.a',
  'cel.bind(x, host, x.secret)',
  'type(text).constructor',
  'optional.of(host)',
  'google.protobuf',
  'dyn(host)',
  'dyn(map).constructor',
  'list.map(x, map[x])',
  'sort_by([map], x, x.constructor)',
];

function isPlain(value: unknown): boolean {
  if (value === null || ['string', 'boolean', 'number'].includes(typeof value)) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    Object.keys(value).every((key) => isPlain((value as Record<string, unknown>)[key]))
  );
}

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (isCounterpointError(error)) return { refused: error.code };
    throw error;
  }
}

describe('escape attempts', () => {
  const prototypes = [
    Object.prototype,
    Array.prototype,
    String.prototype,
    Number.prototype,
    Function.prototype,
    Map.prototype,
  ];
  const before = prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String).join());

  it('number at least two hundred', () => {
    expect(new Set(payloads).size).toBeGreaterThanOrEqual(200);
  });

  it.each(payloads)('%s gives an error or plain data, and changes nothing', (source) => {
    const result = outcome(() => compileExpression(source).evaluate(scope, { lookup: () => new Host() }));
    expect(isPlain(result)).toBe(true);
    expect(JSON.stringify(result)).not.toContain('canary');
    expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String).join())).toEqual(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('give no plain data that is inherited or a method', () => {
    for (const root of ROOTS) {
      for (const name of NAMES) {
        expect(outcome(() => compileExpression(`${root}.${name}`).evaluate(scope))).toHaveProperty('refused');
      }
    }
  });

  it('stay text when they arrive as data', () => {
    const attack = '$' + '{{ process.env }}';
    const filled = compileTemplate({ a: '$' + '{{ x }}', b: 'got $' + '{{ x }}', c: '$' + '{{ [x] }}' }).evaluate({
      x: attack,
    });
    expect(filled).toEqual({ a: attack, b: `got ${attack}`, c: [attack] });
  });

  it('keep a key named __proto__ as data of its own', () => {
    const result = compileExpression('{key: 1}').evaluate(scope) as object;
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.keys(result)).toEqual(['__proto__']);
  });

  it('hand the host its own data back unseen when it is passed through whole', () => {
    expect(compileExpression('nested').evaluate(scope)).toBe(scope.nested);
  });

  it('cannot reach an object that the lookup of the host hands out', () => {
    const lookup = (): unknown => new Host();
    expect(outcome(() => compileExpression('lookup("t", "k")').evaluate({}, { lookup }))).toEqual({
      refused: 'expressions.not_data',
    });
    expect(outcome(() => compileExpression('lookup("t", "k").secret').evaluate({}, { lookup }))).toEqual({
      refused: 'expressions.not_data',
    });
  });
});
