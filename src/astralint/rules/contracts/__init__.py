"""Contracts: obligations that the configuration declares, without code.

    contract "forbidden-trust" "no way from staging into production" {
      from = ["staging"]
      to   = ["production"]
    }

Each type of contract is a rule of its own, with an id and a page; each contract is a
set of subjects that it judges. So all that holds for rules holds for contracts:
suppressions, exceptions, selection, reports.
"""
