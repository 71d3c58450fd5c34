"""Holds Kubernetes objects against the schemas of releases, with the package kubernetes-validate.

Standard input: a JSON list of {"id", "version", "text"}; text is YAML of one or more documents.
Standard output: a JSON list of {"id", "problems"}, in the same order.
"""

import functools
import json
import sys

import yaml
from kubernetes_validate import utils

# The package reads megabytes of schema anew for every document.
utils.schema_contents = functools.lru_cache(maxsize=None)(utils.schema_contents)


def problems(request):
    found = []
    for document in yaml.safe_load_all(request["text"]):
        try:
            utils.validate(document, request["version"], strict=True)
        except utils.ValidationError as error:
            place = ".".join(str(part) for part in error.path)
            found.append(f"{place}: {error.message}")
        except (utils.InvalidSchemaError, utils.SchemaNotFoundError, utils.VersionNotSupportedError) as error:
            found.append(error.message)
    return found


requests = json.load(sys.stdin)
json.dump([{"id": one["id"], "problems": problems(one)} for one in requests], sys.stdout)
