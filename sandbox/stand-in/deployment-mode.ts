/** The deployment mode of a stand-in, read as HomeIQ's services read it, but never silently wrong. */

const deploymentModes = ['test', 'production'] as const;
export type DeploymentMode = (typeof deploymentModes)[number];

export type DeploymentBlock = {
  readonly deployment_mode: DeploymentMode;
  readonly is_test: boolean;
  readonly is_production: boolean;
};

/** Unset or empty is production. Throws an Error that names the nearest valid mode. */
export function parseDeploymentMode(value: string | undefined): DeploymentMode {
  const text = (value ?? '').trim().toLowerCase();
  if (text === '') return 'production';
  const exact = deploymentModes.find(mode => mode === text);
  if (exact !== undefined) return exact;
  const abbreviated = deploymentModes.find(mode => mode.startsWith(text));
  const nearest =
    abbreviated ??
    deploymentModes.reduce((best, mode) => (countEdits(text, mode) < countEdits(text, best) ? mode : best));
  throw new Error(`DEPLOYMENT_MODE "${text}" is not a mode; did you mean "${nearest}"?`);
}

export const describeDeployment = (mode: DeploymentMode): DeploymentBlock => ({
  deployment_mode: mode,
  is_test: mode === 'test',
  is_production: mode === 'production',
});

/** Levenshtein distance. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (let column = 1; column <= to.length; column += 1) {
      next.push(
        Math.min(
          (next[column - 1] ?? 0) + 1,
          (row[column] ?? 0) + 1,
          (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1),
        ),
      );
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
