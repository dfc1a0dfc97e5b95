import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFabric } from './check-fabric.ts';
import { effectClasses } from './effect-classes.ts';
import { type FabricDocument, readDocuments } from './read-documents.ts';

const nothing = { connectors: new Map(), capabilities: new Map() };
const names = { ...nothing, connections: new Map() };
const check = (documents: readonly FabricDocument[]) => {
  const { graph, findings } = readDocuments(documents, new Map(), names);
  return [...findings, ...checkFabric(graph, effectClasses(nothing))];
};
const fixture = (file: string): FabricDocument => ({
  kind: 'reaction',
  file,
  text: readFileSync(join(import.meta.dirname, 'cyclic', file), 'utf8'),
});

describe('documents', () => {
  it('that go round in a circle are caught before anything runs', () => {
    const [finding, ...others] = check([fixture('echo.yaml'), fixture('answer.yaml')]);
    expect(finding).toMatchObject({
      code: 'fabric.cycle',
      severity: 'error',
      place: { file: 'answer.yaml', line: 6 },
      message: expect.stringContaining(
        'lab.echoed.v1 -> reaction answer -> lab.answered.v1 -> reaction echo -> lab.echoed.v1',
      ),
    });
    expect(others).toEqual([]);
  });

  it('that cannot be read are told, and the others checked all the same', () => {
    const broken: FabricDocument = { kind: 'reaction', file: 'broken.yaml', text: 'kind: reaction/v1\nid: b\n' };
    const unnamed: FabricDocument = { kind: 'participant', file: 'p.yaml', text: 'title: P\n' };
    const codes = check([broken, unnamed, fixture('echo.yaml'), fixture('answer.yaml')]).map(({ code }) => code);
    expect(codes).toEqual(['fabric.not_compiled', 'fabric.not_compiled', 'fabric.cycle']);
  });

  it('of participants give and take by patterns, with their places', () => {
    const text =
      'kind: participant/v1\nid: sandbox\ntitle: S\npublishes:\n  - lab.*.v1\nsubscribes:\n  - none.such.v1\n';
    const echo = { ...fixture('echo.yaml'), text: fixture('echo.yaml').text.replace('publish:', 'description:') };
    const reaction = { ...echo, text: echo.text.replace(/description: \{.*\n/, '') };
    expect(check([{ kind: 'participant', file: 's.yaml', text }, reaction])).toMatchObject([
      { code: 'fabric.never_published', place: { file: 's.yaml', line: 7, column: 5 } },
    ]);
  });
});
