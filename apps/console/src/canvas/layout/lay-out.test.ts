import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexSteps } from '../steps-index.ts';
import { anOutline, aSlot, aStep, largeOutline, outlines } from '../testing/outlines.ts';
import type { Box, LaidGraph, LaidNode } from './graph.ts';
import { layOut } from './lay-out.ts';

function apart(a: Box, b: Box): boolean {
  return a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
}

function within(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.w <= outer.x + outer.w &&
    inner.y + inner.h <= outer.y + outer.h
  );
}

function byId(graph: LaidGraph): ReadonlyMap<string, LaidNode> {
  return new Map(graph.nodes.map((node) => [node.id, node]));
}

describe('the layout of a playbook', () => {
  test('no two boxes overlap, except a frame and what is inside it', () => {
    fc.assert(
      fc.property(outlines, (outline) => {
        const { nodes } = layOut(outline);
        nodes.forEach((one, at) => {
          for (const other of nodes.slice(at + 1)) {
            if (one.kind === 'frame' ? within(other, one) || apart(one, other) : apart(one, other)) continue;
            throw new Error(`${one.id} overlaps ${other.id}`);
          }
        });
      }),
    );
  });

  test('every step is drawn once, inside the frames of the blocks that it stands in', () => {
    fc.assert(
      fc.property(outlines, (outline) => {
        const places = indexSteps(outline);
        const graph = layOut(outline);
        const nodes = byId(graph);
        expect(nodes.size).toBe(graph.nodes.length);
        for (const [address, place] of places) {
          const node = nodes.get(address);
          expect(node, address).toBeDefined();
          const around = nodes.get(place.step);
          if (node && around?.kind === 'frame') expect(within(node, around)).toBe(true);
        }
      }),
    );
  });

  test('lines join nodes that exist, lead downwards, and have ids of their own', () => {
    fc.assert(
      fc.property(outlines, (outline) => {
        const graph = layOut(outline);
        const nodes = byId(graph);
        expect(new Set(graph.edges.map((edge) => edge.id)).size).toBe(graph.edges.length);
        for (const edge of graph.edges) {
          expect(nodes.has(edge.source) && nodes.has(edge.target), edge.id).toBe(true);
          expect(edge.to.y).toBeGreaterThan(edge.from.y);
        }
      }),
    );
  });

  test('every list can be added to at its beginning, between its steps and at its end, unless that ends the run', () => {
    const outline = anOutline([
      aStep('a'),
      aStep('b', { kind: 'foreach', slots: [aSlot('do', [aStep('c', { kind: 'fail' })])] }),
    ]);
    const places = layOut(outline).edges.flatMap((edge) =>
      edge.at ? [`${edge.at.step}/${edge.at.slot}/${edge.at.index}`] : [],
    );
    expect(places.sort()).toEqual(['/steps/0', '/steps/1', '/steps/2', 'b/do/0']);
  });

  test('a branch that is not written is a way past, with a place to put a step', () => {
    const branches = [aSlot('then', [aStep('inner')]), aSlot('else', [], false)];
    const graph = layOut(anOutline([aStep('fork', { kind: 'if', slots: branches })]));
    const slot = graph.nodes.find((node) => node.kind === 'slot');
    expect(slot).toMatchObject({ at: { step: 'fork', slot: 'else', index: 0 } });
  });

  test('a document of 500 steps takes one box a step', () => {
    const graph = layOut(largeOutline(500));
    expect(graph.nodes.filter((node) => node.kind === 'step' || node.kind === 'frame')).toHaveLength(500);
  });

  test('a playbook without a step has a place for the first one', () => {
    expect(layOut(anOutline([])).nodes.map((node) => node.kind)).toEqual(['start', 'slot', 'end']);
  });
});
