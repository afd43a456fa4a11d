import { describe, expect, test } from 'vitest';
import { readPython } from '../../../../../src/common/gate/inline/python.ts';

const filesOf = (text: string): string[] | undefined => readPython(text)?.map(({ path }) => path);

describe('a program in Python on the command line', () => {
  test.each([
    ["import json; print(json.load(open('package.json'))['scripts'])", ['package.json']],
    ["import json; d = json.load(open('a.json', encoding='utf-8')); print(d.get('x', {}).keys())", ['a.json']],
    ["import tomllib; print(tomllib.load(open('pyproject.toml', 'rb'))['project'])", ['pyproject.toml']],
    ["import csv\nwith open('a.csv') as f:\n    rows = list(csv.DictReader(f))\nprint(len(rows))", ['a.csv']],
    ["import ast; ast.parse(open('a.py').read()); print('ok')", ['a.py']],
    [
      "from collections import Counter; print(Counter(w for w in open('a.txt').read().split()).most_common(3))",
      ['a.txt'],
    ],
    ["import re\nfor line in open('a.py'):\n    if re.search(r'TODO', line): print(line.strip())", ['a.py']],
    ['import json, sys\nfor k, v in json.load(sys.stdin).items(): print(f"{k}: {v[\'x\']}")', []],
    ["import json; print(sorted(json.load(open('a.json')), key=lambda x: x['n']), sep='\\n')", ['a.json']],
    ["from pathlib import Path; print(Path('a.py').read_text().count('x'))", ['a.py']],
    ["import pathlib\nfor p in sorted(pathlib.Path('src').rglob('*.py')):\n    print(p, len(p.read_text()))", ['src']],
    ["import glob\nfor p in glob.glob('src/*.py'):\n    print(p, len(open(p).read()))", ['.']],
    ['import sys; print(sys.version)', []],
    ["import json; d = json.load(open('a.json')); print(type(d), type(d['x']).__name__)", ['a.json']],
    ['print(2 ** 10)', []],
    ['from datetime import datetime, timezone; print(datetime.fromtimestamp(0, timezone.utc).isoformat())', []],
    ['import datetime; print(datetime.datetime.now().strftime("%F"))', []],
    [
      "import re, pathlib\nfor p in pathlib.Path('src').rglob('*.ts'):\n    for m in re.finditer(r'a(b)', p.read_text()):\n        print(p, m.group(1))",
      ['src'],
    ],
    ["import re; print(re.findall(r'(\\d+)-(\\d+)', '10-20,30-40'))", []],
    ['import sys; print(sys.version); import platform; print(platform.platform())', []],
    ['import datetime; print(datetime.date(2024, 1, 1).isoformat())', []],
    ["print(sum(1 for _ in open('a.log')))", ['a.log']],
    ["import csv\nwith open('a.csv', newline='') as f:\n    print(list(csv.reader(f, delimiter=';'))[:3])", ['a.csv']],
    [
      "import sqlite3\nc = sqlite3.connect('file:a.db?mode=ro', uri=True)\nfor r in c.execute('select name, sql from sqlite_master'): print(r)",
      ['a.db'],
    ],
    [
      "import sqlite3\nc = sqlite3.connect('file:a.db?mode=ro', uri=True).cursor()\nprint(c.execute('''\nselect n\nfrom x where a = ?\n''', (1,)).fetchall())",
      ['a.db'],
    ],
  ])('reads what it names: %s', (text, files) => {
    expect(filesOf(text)).toEqual(files);
  });

  test.each([
    'import app.main',
    'import app.main as m; print(m.__file__, m.app.title)',
    'from app.main import app; print([r.path for r in app.routes])',
    'from app import app\nfor r in app.routes: print(getattr(r, "methods", None), r.path)',
    'import inspect\nfrom app import x\nfor n, o in inspect.getmembers(x, inspect.isclass): print(n, inspect.signature(o))',
    'import inspect, app.main as m; print(inspect.getsource(m.start))',
    'from app.models import User, Order; print([f for f in dir(User)], Order.fields.keys())',
  ])('brings in a module of the workspace and looks at it: %s', (text) => {
    expect(filesOf(text)).toEqual([]);
  });

  test('of files that are searched for by a pattern, those count that fit it, behind links too', () => {
    const [found] = readPython("import glob\nfor p in glob.glob('**/*.py'): print(open(p).read())") ?? [];
    expect(found?.below?.follows).toBe(true);
    expect(['a.py', '.env', 'sub/b.py'].map((path) => found?.below?.reaches?.({ path, link: false }))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test.each([
    // A database that is open for more than to be read, or asked for more.
    "import sqlite3; c = sqlite3.connect('a.db'); print(c.execute('select 1').fetchall())",
    "import sqlite3; c = sqlite3.connect('file:a.db?mode=rwc', uri=True); print(c.execute('select 1').fetchall())",
    "import sqlite3; c = sqlite3.connect('file:a.db?mode=ro'); print(c.execute('select 1').fetchall())",
    "import sqlite3; c = sqlite3.connect('file:a.db?mode=ro', uri=False); print(c.execute('select 1').fetchall())",
    "import sqlite3; c = sqlite3.connect('file:../a.db?mode=ro', uri=True)",
    "import sqlite3; c = sqlite3.connect('file:a.db?mode=ro', uri=True); c.execute('drop table x')",
    "import sqlite3; c = sqlite3.connect('file:a.db?mode=ro', uri=True); c.execute(\"attach 'b' as b\")",
    "import sqlite3; c = sqlite3.connect('file:a.db?mode=ro', uri=True); c.execute(f'select {1}')",
    "import sqlite3; c = sqlite3.connect('file:a.db?mode=ro', uri=True); c.executescript('select 1')",
    "import sqlite3; c = sqlite3.connect('file:a.db?mode=ro', uri=True); c.enable_load_extension(True)",
    "import app; print(app.x.execute('select 1'))",
    // What is inspected is shown, not brought in or called.
    'import inspect, app; print(inspect.getmembers(app))',
    'import inspect, app; print(inspect.getmembers(app, app.run))',
    'import inspect; print(inspect.os.environ)',
    'import inspect; print(inspect.getmembers(1, inspect.isclass))',
    "import app; print(getattr(app, 'os').environ)",
    "import app; print(getattr(app, '__dict__'))",
    "import app; print(getattr(app, 'x' + 'y'))",
    "import app; print(getattr(app, 'x', None)())",
    "import sys; print(getattr(sys, 'modules'))",
    // What writes, starts or evaluates.
    "open('a', 'w')",
    "open('a', mode='a')",
    "open('a', 'r+')",
    "open('a', *['w'])",
    "open('a', **{'mode': 'w'})",
    "open(file='a')",
    "exec('x')",
    "eval('1')",
    "__import__('os').system('id')",
    "import os; os.system('id')",
    "import os\nos.remove('a')",
    "import os.path; os.unlink('a')",
    "import shutil; shutil.rmtree('a')",
    'import subprocess',
    'import ctypes',
    "from pathlib import Path; Path('a').unlink()",
    "from pathlib import Path; Path('a').write_text('x')",
    "import sys; sys.stdout.write('x')",
    // What has the name of something harmless.
    "from os import system as print; print('id')",
    "import subprocess as json; json.load('x')",
    'import json as j; print(j)',
    "x = open\nx('a', 'w')",
    "(open)('a', 'w')",
    "print = exec\nprint('x')",
    // What is handed on to be called.
    'import app; sorted([1], key=app.run)',
    'import app; list(map(app.run, [1]))',
    "from collections import defaultdict\nimport app\ndefaultdict(app.x)['a']",
    'sorted([1], key=exec)',
    "import re; re.sub('a', exec, 'a')",
    // What may be called on a value whoever has made it, and what may not.
    'import app; app.main()',
    "import requests; requests.get('https://x.example')",
    'from app import x; x()',
    // The way round.
    'import glob; glob.os.system("id")',
    "import json; json.codecs.builtins.exec('x')",
    "import sys; sys.modules['shutil'].copy('a', 'b')",
    '[].__class__.__mro__',
    'import os; print(os.environ)',
    "import os; print('{0.environ}'.format(os))",
    // Files that are not told.
    'print(open(input()).read())',
    'import sys; print(open(sys.argv[1]).read())',
    "import glob\np = '/etc/passwd'\nprint(open(p).read())\nfor p in glob.glob('*.x'): pass",
    "import glob\nfor p in glob.glob('*.x'): pass\np = '/etc/passwd'\nprint(open(p).read())",
    "import glob; glob.glob('*', root_dir='/etc')",
    "import glob; print(glob.glob('/etc/*'))",
    "from pathlib import Path; print((Path('.') / '/etc/passwd').read_text())",
    "from pathlib import Path; print(Path('.').parent.read_text())",
    "from pathlib import Path; p = Path('a'); print(p.parent)",
    // What exists is changed.
    "vars()['len'] = open\nlen('pwned', 'w')",
    "import json\njson.__dict__['loads'] = open\njson.loads('a', 'w')",
    "import json\nd = json.__dict__\nd |= {'loads': open}\njson.loads('a', 'w')",
    "import sys\np = sys.path\np += ['/tmp/x']\nimport app",
    "import sys\nsys.path.insert(0, '/tmp/x')\nimport yaml",
    "import sys\nsys.path.insert(0, 'x')\nimport yaml",
    // A function is made, or given to another one.
    "import os\ntype('X', (), {'keys': os.system}).keys('id')",
    "import os\nfor x in map(map, [os.system], [['id']]): list(x)",
    'import os; next(iter(os.fork, -1))',
    "print(len := open)\nlen('a', 'w')",
    "open(*'xw')",
    "from pathlib import Path\nprint(Path(*'b/').iterdir())",
    // Braces that are none to one reader and some to another.
    `import sys\nprint(sys.version)\nprint(f'\\\\{__import__("os").system("id")}')`,
    `import sys\nprint(sys.version)\nprint(rf'\\\\{open("a", "w")}')`,
    // What the language itself is made of.
    'import sys\ng = (x for x in [1])\nprint(sys.version, g.gi_frame.f_globals)',
    "import glob; print(glob.iglob('*.py').gi_frame.f_globals['os'].environ)",
    'import sys; print([exec for exec in []], exec, sys.version)',
    'import sys\nwith sys.stdin as f: pass',
    // What modules hold that others have written.
    "from colorama import win32; print(win32.ctypes.cdll['./a.txt'])",
    "import app; print(app.sys.modules['ctypes'])",
    'from app import ctypes; print(ctypes)',
    "import m; print(m.touch['evil'] & m.FG)",
    'import m\nwith m.x as y: print(y)',
    'import m, json; print(json.load(m))',
    'import m; print(-m.x)',
    // The same name twice.
    "import os\nmatch = os.system\nif 0:\n  from re import match\nmatch('id')",
    'from app import x as dumps\nif 0:\n  from json import dumps\nprint(dumps(1))',
    "from json import loads\nfrom _pickle import *\nloads(b'x')",
    'from inspect import builtins as b\nprint(b)',
    'import __main__; print(__main__.x)',
    'import unittest.__main__',
    'import app.__main__',
    // A loop over more than what was found.
    "import glob\nfor f in glob.glob('*.py'), 'secret':\n  print(open(f).read())",
    "import glob\nfor f in glob.glob('*.py'):\n  print(f := 'secret')\n  print(open(f).read())",
    "from pathlib import Path\nfor f in Path('.').glob('.env/.'): print(f.read_text())",
    "from pathlib import Path\nfor f in Path('.').glob('[^.]env'): print(f.read_text())",
    "import os; print(os.listdir(path='/etc'))",
    "import os; print(len(os.listdir('src')))",
    "import json; d = json.load(open('a.json')); print(type('A', (), {}))",
    "import json; d = json.load(open('a.json')); print(type(d)('x'))",
    "import json; t = type(json.load(open('a.json'))); print(t('x'))",
    "import json; print(type(json.load(open('a.json'))).__subclasses__())",
    "import json; print(type(json.load(open('a.json'))).__name__.__class__)",
    "from pathlib import Path; print(type(Path('a'))('.env').read_text())",
    "from pathlib import Path; print(type(Path('a')).read_text(Path('.env')))",
    "import json; type = 1; print(json.load(open('a.json')))",
    // What is no more plain.
    'def f(): pass',
    'class A: pass',
    'while True: pass',
    '@f\nx',
    '(x := open)("a", "w")',
    "import json; print(json.load(open('a.json')))  # sys.version",
    `import json; print(json.load(open('a.json')), ${'('.repeat(30)}1${')'.repeat(30)})`,
    `import json; print(json.load(open('a.json')), ${"'x', ".repeat(600)})`,
    "# coding: utf-7\nimport json; print(json.load(open('a.json')))",
    "import json; print(json.load(open('a.json')))\r__import__('os')",
    "import json; print(json.load(open('a.json')), ｅval)",
    "print(open('a').read()",
    // It looks at nothing here.
    '1',
    'x = 1',
    '_x = 1; print(_x)',
    'import datetime; print(datetime.datetime.__subclasses__())',
    'import datetime as d; print(d)',
    'import platform; platform.popen(1)',
    'import os',
    'lambda: 1',
  ])('is asked about: %s', (text) => {
    expect(readPython(text)).toBeUndefined();
  });
});
