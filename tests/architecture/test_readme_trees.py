"""A tree in a README is equal to the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.trees import differences, tracked, trees_in

ROOT = Path(__file__).parents[2]

PAGE = """
Text.

```
app/            remarks
  core/         more remarks
    a.py
  b.py  # why
programmes/<id>/
docs/
```

```sh
make demo
```
"""
FILES = ["app/core/a.py", "app/b.py", "programmes/x/pack.yaml", "docs/one.md", ".hidden"]


@pytest.mark.parametrize("page", ["README.md", "services/README.md"])
def test_the_tree_of_a_readme_is_equal_to_the_disk(page: str):
    path = ROOT / page
    trees = trees_in(path.read_text())
    assert trees, f"{page} shows no tree"
    files = tracked(path.parent)
    assert [line for tree in trees for line in differences(tree, files)] == []


def test_a_true_tree_has_no_differences():
    (tree,) = trees_in(PAGE)
    assert differences(tree, FILES) == []


def test_a_missing_and_a_forgotten_file_are_named():
    (tree,) = trees_in(PAGE)
    files = [*(file for file in FILES if file != "app/core/a.py"), "app/core/new.py", "setup.cfg"]
    assert differences(tree, files) == [
        "app/core/a.py is shown but does not exist",
        "app/core/new.py exists but is not shown",
        "setup.cfg exists but is not shown",
    ]


def test_drawn_branches_and_an_ellipsis_are_understood():
    page = "```\n.\n├── app/  code\n│   ├── b.py\n│   └── …\n└── docs/\n```\n"
    (tree,) = trees_in(page)
    assert differences(tree, ["app/b.py", "app/c.py", "docs/x.md"]) == []
    assert differences(tree, ["app/c.py", "docs/x.md"]) == ["app/b.py is shown but does not exist"]
