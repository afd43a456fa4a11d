import type { Policy } from './policy.ts';

/** Files that by their names hold secrets; examples and templates of them do not. */
const secret =
  /(?:^|\/)(?:\.env(?:\.(?!example|sample|template|dist)[\w.-]+)?|\.npmrc|\.pypirc|\.netrc|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519)|credentials(?:\.json)?|secrets?\.(?:json|ya?ml|toml)|[^/]+\.(?:pem|key|p12|pfx|kdbx))$/i;

/** What was read stands in the chat from now on: the agent is told to keep it there. */
export const secretsRead: Policy = {
  name: 'secrets-read',
  rule: 'A file is read whose name says that it holds secrets (.env, keys, credentials).',
  on: ['tool.start'],
  judge(event) {
    if (event.type !== 'tool.start' || event.verdict.decision === 'deny') return undefined;
    const path = event.effects
      .flatMap((effect) => (effect.kind === 'read' ? [effect.path] : []))
      .find((each) => secret.test(each));
    if (path === undefined) return undefined;
    return {
      grade: 'note',
      evidence: `${path} was read, which may hold secrets. Its content is in this chat now.`,
      say: `${path} may hold secrets. Do not repeat what stands in it, and write it nowhere.`,
      key: path,
    };
  },
};
