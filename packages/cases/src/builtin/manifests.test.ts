import { checkValue } from '@counterpoint/connector-kit';
import { describe, expect, it } from 'vitest';
import { builtinConnectors } from './connectors.ts';

describe.each(builtinConnectors.map((one) => [one.manifest.id, one] as const))(
  'the built-in connector %s',
  (_id, { manifest, handlers }) => {
    it('has a handler for each action and an action for each handler', () => {
      expect(Object.keys(handlers).sort()).toEqual(Object.keys(manifest.actions).sort());
    });

    it('has schemas that compile, closed inputs, and descriptions people can read', () => {
      for (const action of Object.values(manifest.actions)) {
        expect(() => checkValue(action.input, {})).not.toThrow();
        expect(() => checkValue(action.output, {})).not.toThrow();
        expect(action.input).toMatchObject({ type: 'object', additionalProperties: false });
        expect(action.idempotent).toBe(true);
      }
      expect(manifest.builtin).toBe(true);
    });
  },
);
