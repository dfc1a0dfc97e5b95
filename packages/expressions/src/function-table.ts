import { encodingFunctions } from './functions/encoding.ts';
import { listFunctions } from './functions/lists.ts';
import { mapFunctions } from './functions/maps.ts';
import { networkFunctions } from './functions/network.ts';
import { numberFunctions } from './functions/numbers.ts';
import { patternFunctions } from './functions/patterns.ts';
import type { FunctionSpec } from './functions/spec.ts';
import { textFunctions } from './functions/text.ts';
import { timeFunctions } from './functions/time.ts';
import { validatorFunctions } from './functions/validators.ts';
import { webFunctions } from './functions/web.ts';
import { countRange, parseSignature, type Signature } from './signature.ts';

/** Every ordinary function, in the order of the reference. */
export const functionSpecs: readonly FunctionSpec[] = [
  ...textFunctions,
  ...patternFunctions,
  ...numberFunctions,
  ...listFunctions,
  ...mapFunctions,
  ...networkFunctions,
  ...webFunctions,
  ...validatorFunctions,
  ...timeFunctions,
  ...encodingFunctions,
];

const byName = new Map(functionSpecs.map((spec) => [spec.name, spec]));
const signatures = new Map(functionSpecs.map((spec) => [spec, spec.signatures.map(parseSignature)]));
const namespaces = new Set(functionSpecs.flatMap(({ name }) => (name.includes('.') ? [name.split('.')[0]] : [])));

/** The function of that name. */
export function functionNamed(name: string): FunctionSpec | undefined {
  return byName.get(name);
}

/** Every function name. */
export function functionNames(): Iterable<string> {
  return byName.keys();
}

/** The parsed signatures of a function. */
export function signaturesOf(spec: FunctionSpec): readonly Signature[] {
  return signatures.get(spec) ?? [];
}

/** Whether the name before a dot belongs to functions, as `valid` does. */
export function isNamespace(name: string): boolean {
  return namespaces.has(name);
}

/** Whether a function can be called with that many arguments. */
export function acceptsCount(spec: FunctionSpec, count: number): boolean {
  return signaturesOf(spec).some((signature) => {
    const { min, max } = countRange(signature);
    return count >= min && count <= max;
  });
}
