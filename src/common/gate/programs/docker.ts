import { countLeading, type Form, type Given } from '../form.ts';
import { type Program, readForms, type Reading, stronger } from '../program.ts';
import { name } from './shared.ts';

/** Go templates that both programs fill in by themselves: they print, and start nothing. */
const format = { f: 'text', filter: 'text', format: 'text' } as const;
const containers: Form = {
  flags: 'alqs',
  long: ['all', 'latest', 'quiet', 'size', 'no-trunc'],
  values: { ...format, n: 'number', last: 'number' },
};
const images: Form = {
  flags: 'aq',
  long: ['all', 'quiet', 'no-trunc', 'digests'],
  values: format,
  operands: { first: ['text'] },
};
const history: Form = {
  flags: 'Hq',
  long: ['human', 'quiet', 'no-trunc'],
  values: { format: 'text' },
  operands: { first: ['text'], least: 1 },
};
const logs: Form = {
  flags: 't',
  long: ['timestamps', 'details'],
  values: { n: /^(?:\d+|all)$/, tail: /^(?:\d+|all)$/, since: 'text', until: 'text' },
  operands: { first: ['text'], least: 1 },
};
const one: Form = { operands: { first: ['text'], least: 1 } };
/** Only the container: what follows it are options of `ps`, and one of them prints the environment of every process. */
const top = one;
const port: Form = { operands: { first: ['text', 'text'], least: 1 } };
const stats: Form = {
  flags: 'a',
  long: ['all', 'no-trunc'],
  values: { format: 'text' },
  operands: 'text',
};
/** `docker compose` reads the files of the project, and `.env` for them, before it asks the daemon. */
const project: Form = {
  below: () => ({ here: { hidden: true, ignored: true, links: false, plain: false, compose: true, key: 'compose' } }),
};
/** Templates with which a container is told about without its environment and its labels. */
const parts =
  /^(?:[^{}]|\{\{ ?(?:json )?\.(?:Name|Id|Created|Image|RestartCount|Platform|SizeRw|State(?:\.\w+)*|NetworkSettings(?:\.\w+)*|Mounts|HostConfig\.(?:PortBindings|RestartPolicy|NetworkMode|Memory|Binds)(?:\.\w+)*|Config\.(?:Image|User|WorkingDir|ExposedPorts|Hostname)) ?\}\})+$/;
const inspected: Form = {
  values: { f: parts, format: parts },
  needs: ['f', 'format'],
  operands: { first: ['text'], least: 1 },
};
const list: Form = { flags: 'q', long: ['quiet', 'no-trunc'], values: format };
const info: Form = { values: { f: 'text', format: 'text' } };

/**
 * What asks the daemon and prints. Left out are `inspect` as a whole, which prints the secrets in the environment of a container, and
 * what `compose` prints of a project, where values out of `.env` stand.
 * Nothing may stand before the sub-command: it could name another daemon or another configuration.
 */
const commands: Record<string, Form> = {
  '': { flags: 'v', long: ['version'] },
  version: info,
  info,
  ps: containers,
  images,
  history,
  logs,
  top,
  port,
  diff: one,
  // Without this it would go on for ever.
  'stats --no-stream': stats,
  'container ls': containers,
  'container list': containers,
  'container ps': containers,
  'container logs': logs,
  'container top': top,
  'container port': port,
  'container diff': one,
  'container stats --no-stream': stats,
  'image ls': images,
  'image list': images,
  'image history': history,
  'network ls': list,
  'network list': list,
  'volume ls': list,
  'volume list': list,
  'context ls': { flags: 'q', long: ['quiet'], values: { format: 'text' } },
  'context show': {},
  'system df': { flags: 'v', long: ['verbose'], values: { format: 'text' } },
  'system info': info,
  'buildx ls': {},
  'buildx version': {},
  'compose version': { long: ['short'] },
  'network inspect': one,
  inspect: inspected,
  'container inspect': inspected,
  'compose ps': {
    ...project,
    flags: 'aq',
    long: ['all', 'quiet', 'services', 'no-trunc', 'orphans'],
    values: { format: /^(?:json|table|pretty)$/, status: /^[a-z]+$/, filter: /^[\w=.-]+$/ },
    operands: name,
  },
  // Without a `-f`, which would go on for ever.
  'compose logs': {
    ...project,
    flags: 't',
    long: ['timestamps', 'no-color', 'no-log-prefix'],
    values: { n: /^(?:\d+|all)$/, tail: /^(?:\d+|all)$/, since: 'text', until: 'text', index: 'number' },
    operands: name,
  },
  'compose top': { ...project, operands: name },
  'compose images': { ...project, flags: 'q', long: ['quiet'], values: { format: ['json', 'table'] }, operands: name },
  'compose port': { ...project, operands: { first: [name, 'number'], least: 2 } },
};

/**
 * Only names of what stands in a project file, or whether it is valid: none of its values, and what it includes from a server or
 * from outside is not to be had where it runs shut in.
 */
const composeNames: Form = {
  does: 'runs',
  parser: 'loose',
  long: ['quiet', 'services', 'images', 'profiles', 'volumes', 'networks', 'no-interpolate', 'no-normalize'],
  flags: 'q',
  needs: ['q', 'quiet', 'services', 'profiles', 'volumes', 'networks'],
  operands: name,
};
const composeProject: Form = { values: { f: 'read', file: 'read', profile: name } };

/** `docker compose`: what stands before its sub-command says which project is meant. */
function readCompose([command, ...words]: readonly Given[]): Reading | undefined {
  if (command?.text !== 'compose') return undefined;
  const at = countLeading(words, composeProject);
  if (!/^(?:config|convert)$/.test(words[at]?.text ?? '')) return undefined;
  const [project, asked] = [
    readForms(composeProject, words.slice(0, at)),
    readForms(composeNames, words.slice(at + 1)),
  ];
  return { paths: [...project.paths, ...asked.paths], does: stronger(project.does, asked.does) };
}

export const docker: readonly Program[] = [
  {
    names: ['docker', 'podman'],
    ofMachine: true,
    read: readCompose,
    forms: { commands },
    match: [
      'docker --version',
      'docker version',
      "docker info --format '{{.ServerVersion}}'",
      'docker ps',
      'docker ps -a --no-trunc',
      'docker ps -aq --filter status=exited',
      "docker ps --format '{{json .}}'",
      "docker ps --format 'table {{.Names}}\\t{{.Status}}' -n 5",
      'docker container ls --all',
      'docker images',
      'docker image ls -q postgres',
      'docker logs --tail 100 shop-db',
      'docker logs -n 50 -t --since 10m shop-db',
      'docker top shop-db',
      'docker port shop-db 5432',
      'docker diff shop-db',
      'docker history --no-trunc shop',
      'docker stats --no-stream',
      'docker stats --no-stream shop-db',
      'docker network ls',
      'docker volume ls -q',
      'docker context ls',
      'docker system df -v',
      'podman ps -a',
      'podman images',
      'docker compose version',
      'docker compose ps',
      'docker compose ps --format json | jq .',
      'docker compose logs --tail=50 web',
      'docker compose logs -t --since 10m web db',
      'docker compose top',
      'docker compose images',
      'docker compose port web 3000',
      "docker inspect --format '{{.State.Status}}' shop-db",
      "docker inspect -f '{{json .State.Health}}' shop-db | jq .",
      "docker container inspect --format '{{.Name}} {{.RestartCount}}' shop-db",
      'docker compose config --services',
      'docker compose -f docker-compose.yml config -q && echo valid',
      'docker buildx ls',
      'docker network inspect bridge',
    ],
    noMatch: [
      'docker run -v /:/host alpine',
      'docker exec shop-db env',
      'docker inspect shop-db',
      'docker image inspect shop',
      'docker volume inspect x',
      'docker container inspect shop-db',
      'docker logs -f shop-db',
      'docker logs --follow shop-db',
      'docker logs',
      'docker top shop-db auxe',
      'docker stats',
      'docker stats shop-db',
      'docker build .',
      'docker pull alpine',
      'docker push x',
      'docker cp shop-db:/etc/passwd .',
      'docker rm -f shop-db',
      'docker system prune -f',
      'docker volume rm x',
      'docker context use x',
      'docker -H tcp://example.com ps',
      'docker --host=tcp://example.com ps',
      'docker --context other ps',
      'docker -c other ps',
      'docker --config x ps',
      'docker ps --context other',
      'docker compose -f x.yml ps',
      'docker compose --env-file x ps',
      'docker compose logs -f',
      'docker compose logs --follow web',
      'docker compose exec web env',
      "docker inspect --format '{{.Config.Env}}' shop-db",
      "docker inspect --format '{{json .Config}}' shop-db",
      "docker inspect --format '{{json .}}' shop-db",
      "docker inspect --format '{{range .Config.Env}}{{.}}{{end}}' shop-db",
      "docker inspect --format '{{with $x := .Config}}{{$x.Env}}{{end}}' shop-db",
      'docker compose config --services --environment',
      'docker compose config --services -o x',
      'docker compose --env-file x config --services',
      'docker compose -f ../x.yml config --services',
      'docker compose config --resolve-image-digests --quiet',
      'docker compose config',
      'docker compose ls',
      'docker compose -f x.yml ls',
      'docker compose up',
      'docker login',
      'docker save -o x shop',
      'podman --url unix:///x ps',
      'podman unshare ls',
    ],
  },
];
