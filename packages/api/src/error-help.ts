import { actionsErrors, guardErrors } from '@counterpoint/actions';
import { casesErrors } from '@counterpoint/cases';
import { connectorErrors } from '@counterpoint/connector-kit';
import { coreErrors } from '@counterpoint/core';
import { engineErrors } from '@counterpoint/engine';
import { expressionErrors } from '@counterpoint/expressions';
import { vaultErrors } from '@counterpoint/vault';

const tables = [
  engineErrors,
  actionsErrors,
  guardErrors,
  connectorErrors,
  casesErrors,
  expressionErrors,
  vaultErrors,
  coreErrors,
];

/** What to do about an error that was written down as code and message; empty when no package of runs declares the code. */
export function helpOf({ code, message }: { readonly code: string; readonly message: string }): string {
  const spec = tables.map(({ specs }) => specs[code]).find((one) => one !== undefined);
  if (!spec) return '';
  const params = paramsOf(spec.message, message);
  return spec.help.replace(/\{(\w+)\}/g, (hole, name: string) => params[name] ?? hole);
}

/** The parameters that a message was made with; none when it was not made from this template. */
function paramsOf(template: string, message: string): Readonly<Record<string, string>> {
  const names: string[] = [];
  const pattern = template
    .split(/\{(\w+)\}/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(part);
      return '([\\s\\S]*?)';
    })
    .join('');
  const found = new RegExp(`^${pattern}$`).exec(message);
  return found ? Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ''])) : {};
}
