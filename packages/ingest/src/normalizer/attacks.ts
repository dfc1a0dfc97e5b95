import type { Attack } from '@counterpoint/formats';

const TECHNIQUE = /^(T\d{4})(\.\d{3})?$/i;
const MAX_ATTACKS = 50;

/**
 * MITRE ATT&CK entries from lists of technique ids, technique names and tactics. Names belong to the ids at the same
 * place. Tactics do too when there are as many of them; else nothing says which belongs to which, and each stands alone.
 */
export function attacksFrom(
  ids: readonly string[],
  techniques: readonly string[],
  tactics: readonly string[],
): readonly Attack[] {
  const paired = tactics.length === ids.length;
  const attacks = ids.map((id, index): Attack => {
    const name = techniques.length === ids.length ? techniques[index] : undefined;
    const tactic = paired ? tacticOf(tactics[index] as string) : undefined;
    return { ...(tactic && { tactic }), ...techniqueOf(id, name) };
  });
  const rest = paired ? [] : tactics.map((tactic): Attack => ({ tactic: tacticOf(tactic) }));
  return [...attacks, ...rest].slice(0, MAX_ATTACKS);
}

function techniqueOf(id: string, name: string | undefined): Pick<Attack, 'technique' | 'sub_technique'> {
  const [, parent, sub] = TECHNIQUE.exec(id) ?? [];
  if (parent === undefined) return { technique: { name: name ?? id } };
  const named = name === undefined ? {} : { name };
  if (sub === undefined) return { technique: { uid: parent.toUpperCase(), ...named } };
  return { technique: { uid: parent.toUpperCase() }, sub_technique: { uid: id.toUpperCase(), ...named } };
}

function tacticOf(text: string): NonNullable<Attack['tactic']> {
  return /^TA\d{4}$/i.test(text) ? { uid: text.toUpperCase() } : { name: text.replaceAll('_', ' ') };
}
