export { functionCatalogue } from './catalogue.ts';
export { type CheckResult, checkExpression } from './check.ts';
export type { ExpressionTables } from './check-context.ts';
export { checkTemplate, type TemplateCheckResult, type TemplateFinding, type TemplatePiece } from './check-template.ts';
export { equalitiesOf } from './equalities.ts';
export { errors as expressionErrors } from './errors.ts';
export { type CompiledExpression, compileExpression } from './expression.ts';
export type { FunctionDoc, FunctionExample } from './functions/spec.ts';
export type { EvaluateOptions } from './runtime.ts';
export { type JsonSchemaLike, typeFromJsonSchema } from './schema-types.ts';
export type { ExpressionFinding } from './source.ts';
export { type CompiledTemplate, compileTemplate, type JsonPath, type TemplateExpression } from './template.ts';
export { type Segment as TemplateSegment, scanTemplate } from './template-scan.ts';
export {
  describeType,
  type ExpressionType,
  isAssignable,
  isUntrusted,
  joinTypes,
  type ObjectField,
  types,
  untrusted,
} from './types.ts';
