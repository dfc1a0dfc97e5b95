export { connectors } from './connectors.ts';
export { grades as connectorGrades } from './generated/grades.ts';
export type { ConnectorGrade, GradeFact } from './grade.ts';
