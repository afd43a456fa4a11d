import { isLanguage } from './kinds.ts';

/**
 * Commands that are made to reach other machines. None of them is on the list of what is allowed; this tells apart those that are
 * asked about, so that what a turn has read cannot use again what was allowed before.
 */

const always = new Set(
  `curl wget aria2c http https xh httpie nc ncat netcat socat telnet ssh scp sftp ftp lftp rclone mosh s3cmd aws gcloud gsutil az kubectl
  helm oc gh glab hub ping ping6 dig nslookup host traceroute tracepath mtr whois nmap svn npx pnpx bunx pipx gem apt apt-get aptitude
  brew yum dnf apk pacman zypper snap flatpak nix nix-env mail sendmail mutt msmtp vercel netlify heroku fly flyctl wrangler firebase
  terraform pulumi ansible ansible-playbook conda mamba mvn mvnw mvnd gradle gradlew sbt`.split(/\s+/),
);

/** Of programs that also work alone: their sub-commands that do not. Any of the first three words that are no options counts. */
const partly: Readonly<Record<string, string>> = {
  git: 'clone fetch pull push ls-remote remote submodule lfs send-email request-pull svn p4 daemon http-push bundle archive',
  npm: `install i in add ci clean-install update up upgrade publish unpublish audit outdated view info show v search login adduser logout whoami
    ping exec x create init dist-tag deprecate owner access token team hook org star stars profile install-test it install-ci-test cit`,
  pnpm: 'install i add update up upgrade publish audit outdated view info search login whoami dlx create init fetch exec',
  yarn: 'install add up upgrade upgrade-interactive publish audit outdated info npm login create init dlx global',
  yarnpkg: 'install add up upgrade publish audit outdated info npm login create init dlx',
  bun: 'install i add update outdated publish pm x create init upgrade',
  deno: 'install add cache publish jupyter upgrade outdated update run eval serve',
  pip: 'install download wheel index search',
  uv: 'add sync lock pip run tool publish python init self',
  poetry: 'install add update publish lock self search',
  cargo: 'install fetch add update publish search login logout owner yank generate-lockfile vendor',
  go: 'get install mod list work tool',
  docker: 'pull push login logout build buildx run create compose search service stack swarm exec',
  podman: 'pull push login logout build run create search exec',
  dotnet: 'restore add nuget tool new workload publish',
  bundle: 'install update add outdated',
  composer: 'install update require global create-project outdated',
  rustup: 'update install toolchain target component self',
  openssl: 's_client s_server ocsp',
};
const byProgram = new Map(Object.entries(partly).map(([name, words]) => [name, new Set(words.split(/\s+/))]));

/** With it, a text is run, and what that does is not seen. */
const inlineFlag = /^-\w*[ecpr]$|^--(?:eval|print)(?:=|$)|^eval$/;

/**
 * Whether a command is made to reach other machines.
 *
 * @param calls what a command starts: a program and its words, each as far as they are known
 */
export function reachesOut(calls: readonly (readonly string[])[]): boolean {
  return calls.some(([program = '', ...words]) => reaches(nameOf(program), words));
}

/** Whether it could: all could, but those that are known to work alone. As `reachesOut`. */
export function mayReachOut(calls: readonly (readonly string[])[]): boolean {
  return calls.some(([program = '', ...words]) => reaches(nameOf(program), words) || !worksAlone(program));
}

function nameOf(program: string): string {
  return program.replace(/^.*\//, '');
}

/**
 * They touch files and processes of this machine; text tools, and git but for the sub-commands above. Not those that are asked
 * about because they may run anything, as `awk` and `find` are.
 */
const alone = new Set(
  `rm rmdir unlink mkdir touch cp mv ln install truncate shred dd tee chmod chown chgrp split csplit patch rename mktemp mkfifo tar gzip gunzip
  bzip2 bunzip2 xz unxz zstd unzstd zip unzip cpio ar ranlib strip objcopy kill pkill killall sleep wait jobs true false test [ [[ :
  echo printf cat head tail sort uniq cut tr wc tac nl fold paste join comm diff cmp grep egrep fgrep ls stat file du df tree
  sed jq basename dirname realpath readlink pwd cd export unset set shopt umask ulimit alias read date env time timeout
  nice ionice stdbuf nohup setsid xargs sudo doas command exec builtin git`.split(/\s+/),
);

function worksAlone(program: string): boolean {
  // What lies at a path may be anything under that name.
  return alone.has(program) || (/^\/(?:usr\/)?bin\/[\w[.-]+$/.test(program) && alone.has(nameOf(program)));
}

function reaches(program: string, words: readonly string[]): boolean {
  // What is started is not known.
  if (program === '' || /[$`*?]/.test(program)) return true;
  if (words.some((word) => /(?<!\bfile):\/\/|\/dev\/(?:tcp|udp)\//i.test(word))) return true;
  if (always.has(program)) return true;
  if (program === 'rsync') return words.some((word) => /^[^/\s]+:/.test(word));
  if (isLanguage(program) && words.some((word) => inlineFlag.test(word))) return true;
  const module = /^python[\d.]*$/.test(program) ? words.indexOf('-m') : -1;
  if (module !== -1) return reaches(words[module + 1] ?? '', words.slice(module + 2));
  const known = byProgram.get(program.replace(/^pip3$/, 'pip'));
  const named = words.filter((word) => !word.startsWith('-'));
  // Without a word these install what the manifest names.
  if ((program === 'yarn' || program === 'yarnpkg') && named.length === 0) return true;
  return known !== undefined && named.slice(0, 3).some((word) => known.has(word));
}
