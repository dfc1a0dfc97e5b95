import { isCounterpointError } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { loadManifest } from './load-manifest.ts';

const GOOD = `id: acme
title: Acme
vendor: Acme Inc.
description: Things.
version: 1.0.0
documentation: https://docs.acme.example/api
connection: { type: object, properties: { base_url: { type: string } } }
base_url: config.base_url
actions:
  get_thing:
    title: Get a thing
    effect: read
    idempotent: true
    input: { type: object, properties: { id: { type: string } } }
    output: { type: object }
    request: { method: GET, path: "/v1/things/\${{ input.id }}" }
`;

function problemsOf(source: string | object): readonly string[] {
  try {
    loadManifest(source);
    return [];
  } catch (error) {
    if (!isCounterpointError(error, 'connector.manifest_invalid')) throw error;
    return error.details.problems as readonly string[];
  }
}

describe('loadManifest', () => {
  it('reads a manifest from text and from an object', () => {
    const manifest = loadManifest(GOOD);
    expect(manifest.actions.get_thing?.request?.method).toBe('GET');
    expect(loadManifest(structuredClone(manifest))).toEqual(manifest);
  });

  it.each<[string, string, string, string]>([
    ['an unknown key', 'title: Acme', 'titl: Acme', '2:7 titl: unknown key "titl" (did you mean "title"?)'],
    ['an unknown key of an action', 'idempotent:', 'idempotant:', 'did you mean "idempotent"?'],
    ['a missing key', 'vendor: Acme Inc.\n', '', 'vendor'],
    ['a wrong effect', 'effect: read', 'effect: reads', '12:13 actions.get_thing.effect'],
    ['an id that is not snake_case', 'id: acme', 'id: Acme', '1:5 id: must be snake_case'],
    ['a version that is none', 'version: 1.0.0', 'version: "1"', 'must be a semantic version'],
    ['a schema that is none', 'output: { type: object }', 'output: { type: objekt }', '15:13 actions.get_thing.output'],
    ['a keyword that no schema has', 'output: { type: object }', 'output: { typ: object }', 'unknown keyword: "typ"'],
    ['a path without slash', 'path: "/v1', 'path: "v1', 'actions.get_thing.request.path'],
    ['a broken expression in the path', 'input.id }}', 'input. }}', 'actions.get_thing.request.path'],
    ['a broken base URL', 'base_url: config.base_url', 'base_url: config.', 'base_url'],
    ['no base URL', 'base_url: config.base_url\n', '', 'a connector with requests needs a base_url'],
    ['an unknown function', 'actions:\n', 'allowed_hosts: hosts(config)\nactions:\n', 'allowed_hosts'],
    [
      'a test of no action',
      'actions:\n',
      'test: { action: get_thin, with: {} }\nactions:\n',
      'did you mean "get_thing"?',
    ],
    ['a capability of no action', 'actions:\n', 'capabilities: { x: y }\nactions:\n', 'there is no action "y"'],
    ['a duplicate key', 'title: Acme\n', 'title: Acme\ntitle: Other\n', '3:1 Map keys must be unique'],
    ['an unknown tag', 'title: Acme', 'title: !acme Acme', 'Unresolved tag'],
    ['broken YAML', 'title: Acme', 'title: "Acme', 'Missing closing'],
  ])('tells %s, and where', (_what, from, to, expected) => {
    expect(GOOD).toContain(from);
    expect(problemsOf(GOOD.replace(from, to)).join('\n')).toContain(expected);
  });

  it('tells references that cannot work', () => {
    const manifest = loadManifest(GOOD);
    const thing = manifest.actions.get_thing!;
    const change = { ...thing, effect: 'change' as const };
    const { request: _request, ...code } = thing;
    const with_ = (action: object, more: object = {}) =>
      problemsOf({ ...manifest, ...more, actions: { thing, action } });
    expect(with_(change, { test: { action: 'action', with: {} } })).toEqual([
      'test.action: "action" must have the effect read',
    ]);
    expect(with_({ ...change, lease: { argument: 'seconds' } })[0]).toContain('the input has no field "seconds"');
    expect(with_({ ...code, result: {} })[0]).toContain('result needs a request');
    expect(with_({ ...code, before: { action: 'thing', with: {} } })[0]).toContain('joins two actions that have');
    const both = { ...thing, request: { ...thing.request!, body: {}, form: {} } };
    expect(with_(both)[0]).toContain('a body, a form or a multipart form');
  });

  it('refuses what is no manifest at all', () => {
    for (const source of ['', '[]', 'null', 'text', '{}']) expect(problemsOf(source).length).toBeGreaterThan(0);
  });
});
